//! Conversations over SMS and chat apps, through the router.

use std::sync::Arc;

use axum::http::Method;
use conversations::lines::{CameInJob, LeaveJob, follow};
use kernel::{Phone, RouteId};
use serde_json::{Value as Json, json};
use store::Actor;
use store::jobs::Handler;
use telecom::chat_apps::SendChats;
use telecom::messages::{Incoming, SendMessages};
use telecom::routes;
use telecom::smpp::{Address, Message};
use telecom::sms::TonNpi;
use testkit::Fixture;

use super::world::World;

const LINA: &str = "+966501234567";

/// A workspace that may send to Saudi Arabia, with one number and a route that leads nowhere.
async fn phones(world: &World) -> RouteId {
    let allowed = json!({ "countries": ["SA"], "parts": 3, "parts_a_day": null, "parts_a_day_by_country": null,
        "parts_a_day_by_block": null });
    assert!(world.owner.put("/v1/messages/settings", &allowed).await.status.is_success());
    world.made("/v1/originators", json!({ "value": "+966112345678" })).await;
    let access = json!({ "host": "127.0.0.1", "port": 9, "system_id": "x", "password": "y" });
    world.made("/v1/routes", json!({ "name": "Main", "access": access })).await["id"].as_str().unwrap().parse().unwrap()
}

async fn writes(world: &World, route: RouteId, text: &str) {
    let ctx = world.t.core.ctx(world.workspace, Actor::System);
    let route = routes::get(&ctx, route).await.unwrap();
    let written = Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: LINA.trim_start_matches('+').into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: "966112345678".into() },
        short_message: text.as_bytes().to_vec(),
        ..Message::default()
    };
    Incoming::new(world.app.sms.clone(), ctx, route).take(&written).await.unwrap();
    work(world).await;
}

async fn work(world: &World) {
    let chat = world.app.shell.chat();
    let handlers: Vec<Arc<dyn Handler>> = vec![
        Arc::new(CameInJob::new(chat.carriers().clone(), chat.hub().clone(), false)),
        Arc::new(LeaveJob::new(chat.carriers().clone())),
        Arc::new(SendMessages::new(world.app.sms.clone())),
        Arc::new(SendChats::new(chat.apps().unwrap().clone())),
    ];
    store::jobs::drain(&world.t.core, &handlers).await.unwrap();
    follow(&world.ctx()).await.unwrap();
}

async fn only(world: &World, channel: &str) -> Json {
    let all = world.owner.get(&format!("/v1/conversations?view=all&channel={channel}")).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    all["items"][0].clone()
}

async fn events(world: &World, id: &str) -> Vec<Json> {
    let all = world.owner.get(&format!("/v1/conversations/{id}/events")).await.json();
    all["items"].as_array().unwrap().clone()
}

testkit::each_engine! {
    async fn a_text_lands_in_the_inbox_and_its_answer_leaves(t: Fixture) {
        let world = World::new(t).await;
        let route = phones(&world).await;
        let prices = json!({ "items": [{ "service": "sms", "country": "SA", "amount_micros": 40_000 }] });
        assert!(world.owner.put("/v1/prices", &prices).await.status.is_success());
        writes(&world, route, "Where is my order?").await;
        let row = only(&world, "sms").await;
        let id = row["id"].as_str().unwrap().to_owned();
        assert_eq!((&row["person"]["address"], &row["preview"]["text"]), (&json!(LINA), &json!("Where is my order?")));
        let full = world.owner.get(&format!("/v1/conversations/{id}")).await.json();
        assert_eq!(full["line"], json!({ "account": "966112345678", "account_name": "966112345678", "address": LINA,
            "window_until": null, "open": true }));
        let quote = world.made(&format!("/v1/conversations/{id}/quote"), json!({ "text": "في الطريق" })).await;
        assert_eq!((&quote["encoding"], &quote["parts"], &quote["price_micros"], &quote["refused"]),
            (&json!("UCS2"), &json!(1), &json!(40_000), &json!(null)));
        assert_eq!(quote["because"][0], "ف");
        let long = world.made(&format!("/v1/conversations/{id}/quote"), json!({ "text": "x".repeat(500) })).await;
        assert_eq!((&long["parts"], &long["refused"]["code"]), (&json!(4), &json!("invalid_input")));
        let said = world.made(&format!("/v1/conversations/{id}/events"), json!({ "kind": "message", "text": "في الطريق" })).await;
        work(&world).await;
        let seq = said["event"]["seq"].as_i64().unwrap();
        let event = events(&world, &id).await.into_iter().find(|one| one["seq"] == seq).unwrap();
        let delivery = &event["delivery"];
        assert_eq!((&delivery["state"], &delivery["parts"], &delivery["price_micros"]),
            (&json!("queued"), &json!(1), &json!(40_000)));
        let message = world.owner.get(&format!("/v1/messages/{}", delivery["message"].as_str().unwrap())).await.json();
        assert_eq!((&message["from"], &message["to"], &message["text"], &message["basis"]),
            (&json!("+966112345678"), &json!(LINA), &json!("في الطريق"), &json!("subject_request")));
        // What cannot leave is refused at once, and nothing is added.
        let refused = world.owner.post(&format!("/v1/conversations/{id}/events"), &json!({ "kind": "message", "text": "x".repeat(500) })).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["fields"][0]["field"]), (422, &json!("text")));
        let template = json!({ "kind": "template", "text": "x", "template": { "name": "a", "language": "ar" } });
        assert_eq!(world.owner.post(&format!("/v1/conversations/{id}/events"), &template).await.status, 422);
        let count = events(&world, &id).await.len();
        // A note stays inside; a keyword is no word of a conversation; a stop ends it.
        world.made(&format!("/v1/conversations/{id}/events"), json!({ "kind": "note", "text": "x".repeat(900) })).await;
        writes(&world, route, "HELP").await;
        assert_eq!(events(&world, &id).await.len(), count + 1);
        writes(&world, route, "STOP").await;
        assert_eq!(only(&world, "sms").await["state"], "closed");
    }

    async fn a_member_begins_over_a_channel_and_the_gate_is_heard(t: Fixture) {
        let world = World::new(t).await;
        phones(&world).await;
        let browser = world.browser().await;
        let contact = world.made("/v1/contacts", json!({ "phone": LINA, "first_name": "Lina" })).await;
        let contact = contact["id"].as_str().unwrap();
        let begin = |channel: &str| json!({ "contact": contact, "channel": channel, "text": "Your order left." });
        let made = browser.post("/v1/conversations", &begin("sms")).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!((&made.json()["channel"], &made.json()["person"]["name"]), (&json!("sms"), &json!("Lina")));
        work(&world).await;
        let again = browser.post("/v1/conversations", &begin("sms")).await.json();
        assert_eq!(again["id"], made.json()["id"], "one line is one conversation");
        for (channel, code) in [("whatsapp", "invalid_input"), ("pigeon", "invalid_input"), ("email", "invalid_input")] {
            let refused = browser.post("/v1/conversations", &begin(channel)).await;
            assert_eq!(refused.json()["code"], code, "{channel}: {}", refused.text());
        }
        // A whole-person block is heard before anything is written down.
        let ctx = world.ctx();
        let keys = ctx.keys().await.unwrap();
        let withdrawal = privacy::gate::Withdrawal {
            subject: contact.parse().unwrap(),
            addresses: vec![privacy::suppression::phone_hash(&keys, &Phone::parse(LINA, None).unwrap())],
            scope: privacy::vocabulary::Scope::Person,
            reason: privacy::suppression::Reason::Objection,
            evidence: json!({ "source": "test" }),
        };
        world.app.sms.gate().withdraw(&ctx, withdrawal).await.unwrap();
        let before = events(&world, made.json()["id"].as_str().unwrap()).await.len();
        let denied = browser.post("/v1/conversations", &begin("sms")).await;
        assert_eq!((denied.status.as_u16(), &denied.json()["code"]), (409, &json!("not_mailable")), "{}", denied.text());
        assert_eq!(events(&world, made.json()["id"].as_str().unwrap()).await.len(), before);
    }

    async fn channels_keep_their_secrets_and_believe_signatures_alone(t: Fixture) {
        let world = World::new(t).await;
        let body = |secret: &str| json!({ "app": "whatsapp", "name": "Shop", "token": "t0ken", "secret": secret,
            "settings": { "account": "12345", "api_base": "http://127.0.0.1:9" } });
        assert_eq!(world.owner.post("/v1/channels", &body("")).await.json()["fields"][0]["field"], "secret");
        let mut far = body("s3cret");
        far["settings"]["api_base"] = json!("https://graph.example");
        assert_eq!(world.owner.post("/v1/channels", &far).await.json()["fields"][0]["field"], "api_base");
        let made = world.made("/v1/channels", body("s3cret")).await;
        assert!(!made.to_string().contains("t0ken") && !made.to_string().contains("s3cret"), "{made}");
        assert_eq!(world.owner.post("/v1/channels", &body("s3cret")).await.status, 409);
        let id = made["id"].as_str().unwrap();
        let list = world.owner.get("/v1/channels").await.json();
        assert_eq!(list["items"][0]["verify_token"], Json::Null);
        let verify = made["verify_token"].as_str().unwrap();
        let asked = |token: &str| format!("/in/whatsapp/{id}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=77");
        let anonymous = world.anonymous();
        assert_eq!(anonymous.get(&asked(verify)).await.text(), "77");
        assert_eq!(anonymous.get(&asked("guess")).await.status, 403);
        let said = json!({ "entry": [{ "changes": [{ "field": "messages", "value": {
            "metadata": { "phone_number_id": "12345" },
            "messages": [{ "id": "wamid.1", "from": "966501234567", "type": "text", "text": { "body": "hello" } }] } }] }] })
        .to_string();
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"s3cret");
        let tag = data_encoding::HEXLOWER.encode(aws_lc_rs::hmac::sign(&key, said.as_bytes()).as_ref());
        let good = format!("sha256={tag}");
        for (path, signature, status) in [
            (format!("/in/whatsapp/{id}"), "", 401),
            (format!("/in/whatsapp/{id}"), "sha256=00", 401),
            (format!("/in/telegram/{id}"), good.as_str(), 404),
            (format!("/in/pigeon/{id}"), good.as_str(), 404),
            ("/in/whatsapp/chn_00000000000000000000000001".to_owned(), good.as_str(), 404),
            (format!("/in/whatsapp/{id}"), good.as_str(), 200),
        ] {
            let client = anonymous.clone().with("x-hub-signature-256", signature);
            let answer = client.send(Method::POST, &path, said.clone()).await;
            assert_eq!(answer.status.as_u16(), status, "{path} {signature}");
        }
        work(&world).await;
        let row = only(&world, "whatsapp").await;
        let full = world.owner.get(&format!("/v1/conversations/{}", row["id"].as_str().unwrap())).await.json();
        assert_eq!((&full["line"]["account_name"], &full["line"]["open"]), (&json!("Shop"), &json!(true)));
        assert!(full["line"]["window_until"].is_string());
        // Nobody is there to be tested, and the channel says so.
        let tested = world.made(&format!("/v1/channels/{id}/test"), json!({})).await;
        assert_eq!(tested["problem"], "unreachable");
        let paused = world.owner.patch(&format!("/v1/channels/{id}"), &json!({ "state": "paused" })).await.json();
        assert_eq!(paused["state"], "paused");
        let trail = world.owner.get("/v1/audit").await.text();
        assert!(trail.contains("channel.created") && !trail.contains("t0ken"), "{trail}");
        assert_eq!(world.owner.delete(&format!("/v1/channels/{id}")).await.status, 204);
        assert_eq!(world.owner.get(&format!("/v1/channels/{id}")).await.status, 404);
    }
}
