//! The queue of replies: read, filtered, settled and answered by humans.

use std::sync::Arc;

use accounts::members::Role;
use kernel::DeliveryId;
use mail::address::{Kind, delivery_payload, with_token};
use mail::inbound::{Mail, Received};
use mail::incoming::{Inbound, InboundJob};
use serde_json::{Value as Json, json};
use store::jobs::Handler;
use testkit::Fixture;

use super::world::{OWNER, World, refused};

const SARA: &str = "sara@example.com";

/// Sends somebody a campaign; its delivery.
async fn written_to(world: &World, campaign: &str, email: &str) -> DeliveryId {
    let query = "topic=News&basis=consent_doi&source=shop&collected_on=2026-01-02";
    let file =
        format!("email,country,consent time,confirmed at\n{email},DE,2026-01-02T10:00:00Z,2026-01-02T10:05:00Z\n");
    world.owner.clone().send(axum::http::Method::POST, &format!("/v1/imports?{query}"), file).await;
    world.work().await;
    world.made(&format!("/v1/campaigns/{campaign}/send"), json!({})).await;
    world.work().await;
    let source: kernel::CampaignId = campaign.parse().unwrap();
    outbound::list_deliveries(&world.ctx(), source.0, None, 10).await.unwrap().remove(0).id
}

/// Somebody writes back to a delivery.
async fn writes_back(world: &World, delivery: DeliveryId, headers: &str, text: &str) {
    let keys = world.ctx().keys().await.unwrap();
    let to =
        with_token(keys.as_ref(), Kind::Reply, &delivery_payload(world.workspace, delivery), "example.org").unwrap();
    comes_in(world, (SARA, &to.wire()), headers, text).await;
}

/// A message comes in and is acted on.
async fn comes_in(world: &World, (from, to): (&str, &str), headers: &str, text: &str) {
    let raw = format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: {to}\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    let mail = Mail {
        from: from.into(),
        recipients: vec![to.to_owned()],
        raw: raw.into_bytes(),
        peer: "127.0.0.1:25".parse().unwrap(),
    };
    Inbound::new(world.t.core.clone()).store(mail).await.unwrap();
    let handlers: [Arc<dyn Handler>; 1] = [Arc::new(InboundJob::new(world.app.outbound.clone()))];
    store::jobs::drain(&world.t.core, &handlers).await.unwrap();
    world.t.clock.advance(60);
}

/// A workspace, a campaign that went to Sara, and the next one that would.
struct House {
    world: World,
    delivery: DeliveryId,
    next: String,
}

impl House {
    async fn new(t: Fixture) -> Self {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let campaign = world.campaign(&topic).await;
        let delivery = written_to(&world, &campaign, SARA).await;
        world.t.clock.advance(86_400);
        let next = world.campaign(&topic).await;
        Self { world, delivery, next }
    }

    async fn gets(&self, text: &str) {
        writes_back(&self.world, self.delivery, "Subject: Re: Hello\r\nMessage-ID: <a@mx.example.com>\r\n", text).await;
    }

    async fn list(&self, query: &str) -> Json {
        let answer = self.world.owner.get(&format!("/v1/replies{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The only message that waits.
    async fn waiting(&self) -> String {
        let found = self.list("").await["items"].as_array().unwrap().clone();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]["id"].as_str().unwrap().to_owned()
    }

    /// How many the next campaign may write to.
    async fn allowed(&self) -> Json {
        let checked = self.world.owner.post(&format!("/v1/campaigns/{}/preflight", self.next), &json!({})).await;
        checked.json()["allowed"].clone()
    }

    async fn settles(&self, id: &str, decision: &str) -> Json {
        self.world.made(&format!("/v1/replies/{id}/settle"), json!({ "decision": decision })).await
    }

    async fn stands(&self) -> String {
        let contact = self.world.owner.post("/v1/contacts/lookup", &json!({ "email": SARA })).await.json();
        let path = format!("/v1/contacts/{}/answer", contact["id"].as_str().unwrap());
        self.world.owner.get(&path).await.json()["suppressions"].to_string()
    }
}

testkit::each_engine! {
    async fn the_queue_is_filtered_and_paged(t: Fixture) {
        let house = House::new(t).await;
        house.gets("Where did you get my address?").await;
        house.gets("STOP sending invoices to the old address").await;
        house.gets("You will hear from my lawyer.").await;
        writes_back(&house.world, house.delivery, "Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n", "I am away.").await;
        writes_back(&house.world, house.delivery, "Subject: Credential theft\r\n", "Somebody signed in as me.").await;
        let all = house.list("").await;
        let shown: Vec<(&str, &str)> = all["items"].as_array().unwrap().iter()
            .map(|one| (one["intent"].as_str().unwrap(), one["severity"].as_str().unwrap())).collect();
        assert_eq!(shown, [("ambiguous", "p1"), ("complaint_legal", "p1"), ("ambiguous", "p2"), ("question_source", "p3")]);
        assert_eq!((&all["next"], &all["items"][0]["triage"]), (&json!(null), &json!("credential_theft")));
        assert!(!all.to_string().contains("lawyer") && !all.to_string().contains(SARA), "no words in the list");
        for (query, count) in [("?severity=p1", 2), ("?intent=ambiguous", 2), ("?intent=ambiguous&severity=p1", 1),
            ("?state=waiting", 4), ("?state=settled", 0)] {
            assert_eq!(house.list(query).await["items"].as_array().unwrap().len(), count, "{query}");
        }
        let first = house.list("?limit=3").await;
        let rest = house.list(&format!("?limit=3&cursor={}", first["next"].as_str().unwrap())).await;
        assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (3, 1));
        assert_eq!((&rest["items"][0], &rest["next"]), (&all["items"][3], &json!(null)));
        for (query, field) in [("?state=lost", "state"), ("?severity=p9", "severity"), ("?intent=rage", "intent")] {
            let answer = house.world.owner.get(&format!("/v1/replies{query}")).await;
            assert_eq!(answer.code().as_deref(), Some("invalid_input"), "{field}: {}", answer.text());
        }
    }

    async fn one_message_shows_its_words_and_the_prepared_answer(t: Fixture) {
        let house = House::new(t).await;
        house.gets("Where did you get my address?").await;
        let shown = house.world.owner.get(&format!("/v1/replies/{}", house.waiting().await)).await.json();
        assert_eq!((&shown["message"]["from"], &shown["message"]["subject"]), (&json!(SARA), &json!("Re: Hello")));
        assert_eq!(shown["message"]["text"].as_str().unwrap().trim(), "Where did you get my address?");
        assert!(shown["answer"]["text"].as_str().unwrap().contains("shop"), "{shown}");
        assert!(!shown["answer"]["subject"].as_str().unwrap().is_empty());
        refused(&house.world.owner.get("/v1/replies/evt_00000000000000000000000001").await, "not_found", None);
    }

    async fn not_concerned_lets_sending_go_on(t: Fixture) {
        let house = House::new(t).await;
        assert_eq!(house.allowed().await, 1);
        house.gets("STOP sending invoices to the old address").await;
        assert_eq!(house.allowed().await, 0);
        let id = house.waiting().await;
        let settled = house.settles(&id, "not_optout").await;
        assert_eq!((&settled["decision"], &settled["waiting"]), (&json!("not_optout"), &json!(false)));
        assert!(settled["settled_at"].is_string());
        assert_eq!(house.allowed().await, 1);
        assert_eq!(house.list("?state=settled").await["items"][0]["id"], id);
        refused(&house.world.owner.post(&format!("/v1/replies/{id}/settle"), &json!({ "decision": "optout" })).await, "conflict", None);
        assert_eq!(house.allowed().await, 1, "what was refused does nothing");
    }

    async fn an_opt_out_ends_the_topic(t: Fixture) {
        let house = House::new(t).await;
        house.gets("STOP sending invoices to the old address").await;
        house.settles(&house.waiting().await, "optout").await;
        assert_eq!(house.allowed().await, 0);
        let stands = house.stands().await;
        assert!(stands.contains("unsubscribe"), "{stands}");
    }

    async fn an_objection_and_a_legal_threat_end_all_marketing(t: Fixture) {
        let house = House::new(t).await;
        house.gets("Where did you get my address?").await;
        assert_eq!(house.allowed().await, 1, "a question stops nothing");
        house.settles(&house.waiting().await, "object").await;
        assert_eq!(house.allowed().await, 0);
        assert!(house.stands().await.contains("objection"));
        house.gets("By what right do you write to me?").await;
        let settled = house.settles(&house.waiting().await, "legal").await;
        assert_eq!(settled["decision"], "legal");
        assert!(house.stands().await.contains("purpose:marketing"));
    }

    async fn answered_elsewhere_lets_sending_go_on(t: Fixture) {
        let house = House::new(t).await;
        house.gets("STOP sending invoices to the old address").await;
        house.settles(&house.waiting().await, "answered").await;
        assert_eq!(house.allowed().await, 1);
    }

    async fn the_prepared_answer_leaves_once(t: Fixture) {
        let house = House::new(t).await;
        house.gets("Where did you get my address?").await;
        let id = house.waiting().await;
        let path = format!("/v1/replies/{id}/answer");
        let answer = house.world.owner.post(&path, &json!({})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["decision"]), (202, &json!("answered")), "{}", answer.text());
        refused(&house.world.owner.post(&path, &json!({ "text": "Again" })).await, "conflict", None);
        house.world.work().await;
        let source: kernel::EventId = id.parse().unwrap();
        let sent = outbound::list_deliveries(&house.world.ctx(), source.0, None, 10).await.unwrap();
        assert_eq!(sent.iter().map(|one| one.state.as_str()).collect::<Vec<_>>(), ["sent"]);
        assert_eq!(house.list("").await["items"], json!([]));
    }

    async fn an_edited_answer_is_checked(t: Fixture) {
        let house = House::new(t).await;
        house.gets("STOP sending invoices to the old address").await;
        let path = format!("/v1/replies/{}/answer", house.waiting().await);
        for (body, field) in [
            (json!({}), "text"),
            (json!({ "text": "Done." }), "subject"),
            (json!({ "text": " ", "subject": "Invoices" }), "text"),
            (json!({ "text": "x".repeat(100_001), "subject": "Invoices" }), "text"),
            (json!({ "text": "Done.", "subject": "a\r\nBcc: b@example.com" }), "subject"),
            (json!({ "text": "Done.", "subject": "x".repeat(201) }), "subject"),
        ] {
            refused(&house.world.owner.post(&path, &body).await, "invalid_input", Some(field));
        }
        let answer = house.world.owner.post(&path, &json!({ "text": "We use the {{ new }} address.", "subject": "Invoices" })).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert_eq!(house.allowed().await, 1);
        refused(&house.world.owner.post("/v1/replies/evt_00000000000000000000000001/answer", &json!({})).await, "not_found", None);
    }

    async fn who_may_read_and_who_may_decide(t: Fixture) {
        let house = House::new(t).await;
        house.gets("Where did you get my address?").await;
        let id = house.waiting().await;
        for role in [Role::Author, Role::Analyst] {
            let client = house.world.role(role).await;
            refused(&client.get("/v1/replies").await, "forbidden", None);
            refused(&client.get(&format!("/v1/replies/{id}")).await, "forbidden", None);
            refused(&client.post(&format!("/v1/replies/{id}/settle"), &json!({ "decision": "optout" })).await, "forbidden", None);
            refused(&client.post(&format!("/v1/replies/{id}/answer"), &json!({})).await, "forbidden", None);
        }
        let reader = house.world.scoped(&["messages:read"]).await;
        assert_eq!(reader.get(&format!("/v1/replies/{id}")).await.status, 200);
        refused(&reader.post(&format!("/v1/replies/{id}/answer"), &json!({})).await, "forbidden", None);
        let stranger = house.world.stranger().await;
        assert_eq!(stranger.get("/v1/replies").await.json()["items"], json!([]));
        refused(&stranger.get(&format!("/v1/replies/{id}")).await, "not_found", None);
        refused(&stranger.post(&format!("/v1/replies/{id}/settle"), &json!({ "decision": "optout" })).await, "not_found", None);
        refused(&stranger.post(&format!("/v1/replies/{id}/answer"), &json!({})).await, "not_found", None);
        assert_eq!(house.waiting().await, id);
    }

    async fn who_reports_stolen_credentials_is_signed_out_everywhere(t: Fixture) {
        let house = House::new(t).await;
        let world = &house.world;
        let keys = world.ctx().keys().await.unwrap();
        let payload = delivery_payload(world.workspace, house.delivery);
        let to = with_token(keys.as_ref(), Kind::Reply, &payload, "example.org").unwrap().wire();
        let browser = world.browser().await;
        comes_in(world, (OWNER, &to), "Subject: Credential theft\r\n", "Somebody signs in as me.").await;
        let report = house.waiting().await;
        let path = format!("/v1/replies/{report}/end-sessions");
        refused(&world.role(Role::Agent).await.post(&path, &json!({})).await, "forbidden", None);
        assert_eq!(browser.get("/v1/session").await.status, 200);
        assert_eq!(world.owner.post(&path, &json!({})).await.status, 204);
        assert_eq!(browser.get("/v1/session").await.status, 401);
        let trail = world.owner.get("/v1/audit").await.text();
        assert!(trail.contains("reply.sessions_ended"), "{trail}");

        // Whoever is no member has no sessions, and no other message ends any.
        house.settles(&report, "answered").await;
        writes_back(world, house.delivery, "Subject: Credential theft\r\n", "Somebody signs in as me.").await;
        let path = format!("/v1/replies/{}/end-sessions", house.waiting().await);
        refused(&world.owner.post(&path, &json!({})).await, "conflict", None);
        house.settles(path.split('/').nth(3).unwrap(), "answered").await;
        house.gets("You will hear from my lawyer.").await;
        let path = format!("/v1/replies/{}/end-sessions", house.waiting().await);
        refused(&world.owner.post(&path, &json!({})).await, "not_found", None);
    }
}
