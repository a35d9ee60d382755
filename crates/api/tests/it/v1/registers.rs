//! The registers of a data protection officer, over HTTP.

use accounts::members::{Permissions, Role};
use kernel::{Email, Locale};
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused};

async fn sender(world: &World) {
    let body = json!({ "settings": { "default_sender": { "email": "news@example.org", "name": "Nur" } } });
    let answer = world.owner.patch("/v1/workspace", &body).await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

fn relay() -> Json {
    json!({ "name": "Relay Inc", "role": "processor", "location": "United States", "service": "mail relay",
        "purposes": ["provision"], "data_categories": ["addresses"], "dpa_date": "2026-01-01" })
}

/// The announcements, oldest first: kind, how many were queued.
async fn said(world: &World) -> Vec<(String, i64)> {
    let answer = world.owner.get("/v1/privacy/announcements").await.json();
    let mut all: Vec<_> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["queued"].as_i64().unwrap()))
        .collect();
    all.reverse();
    all
}

testkit::each_engine! {
    async fn a_provider_abroad_needs_a_mechanism(t: Fixture) {
        let world = World::new(t).await;
        let made = world.made("/v1/privacy/processors", relay()).await;
        let path = format!("/v1/privacy/processors/{}", made["id"].as_str().unwrap());
        assert_eq!(made["lacks"], json!(["mechanism"]));
        let answer = world.owner.post(&format!("{path}/enable"), &json!({})).await;
        refused(&answer, "conflict", Some("mechanism"));
        assert_eq!(answer.status.as_u16(), 409);
        let mut shielded = relay();
        shielded["mechanism"] = json!("privacy_shield");
        refused(&world.owner.post("/v1/privacy/processors", &shielded).await, "invalid_input", None);
        let mut founded = relay();
        founded["mechanism"] = json!("scc");
        let change = json!({ "version": 1, "details": founded });
        let changed = world.owner.put(&path, &change).await;
        assert_eq!(changed.json()["lacks"], json!([]), "{}", changed.text());
        let enabled = world.owner.post(&format!("{path}/enable"), &json!({})).await.json();
        assert_eq!((&enabled["state"], &enabled["effective_at"]), (&json!("announced"), &json!("2026-12-21T09:00:00Z")));
        let record = world.owner.get("/v1/privacy/activities").await.json();
        assert!(record["activities"].as_array().unwrap().len() >= 17);
        assert!(record["connectors"].as_array().unwrap().iter().any(|one| one["code"] == "mail.relay"));
        let csv = world.owner.get("/v1/privacy/activities?format=csv").await;
        assert!(csv.header("content-type").starts_with("text/csv") && csv.text().contains("marketing"));
        refused(&world.owner.get("/v1/privacy/activities?format=pdf").await, "invalid_input", Some("format"));
        assert!(world.owner.get("/v1/audit").await.text().contains("processor.enabled"));
    }

    async fn a_material_change_mails_every_active_member_once(t: Fixture) {
        let world = World::new(t).await;
        sender(&world).await;
        // Invited and unconfirmed people are no users yet.
        let guest = Email::parse("guest@example.com").unwrap();
        accounts::members::invite(&world.ctx(), Permissions::all(), &guest, Role::Analyst, Locale::en()).await.unwrap();
        let edition = json!({ "notice": "privacy", "texts": { "en": "We keep it.", "ar": "نحفظه." }, "material": true });
        let made = world.made("/v1/privacy/notices", edition.clone()).await;
        assert_eq!(made["items"][0]["readability"]["level"], "plain");
        world.made("/v1/privacy/notices", edition).await;
        world.work().await;
        assert_eq!(said(&world).await, [("notice_changed".to_owned(), 1)]);
        let quiet = json!({ "notice": "privacy", "texts": { "en": "We keep it safe." } });
        let second = world.made("/v1/privacy/notices", quiet).await;
        world.work().await;
        assert_eq!(said(&world).await.len(), 1, "an immaterial change tells nobody");
        let (first, second) = (made["items"][1]["id"].as_str().unwrap(), second["items"][0]["id"].as_str().unwrap());
        let path = format!("/v1/privacy/notice-versions/{second}/differences?since={first}");
        let differences = world.owner.get(&path).await.json();
        assert_eq!((&differences["before"], &differences["after"]), (&json!(1), &json!(2)));
        assert_eq!(differences["segments"][1]["kind"], "added");
        assert_eq!(world.owner.get(&format!("/v1/privacy/notice-versions/{second}/differences")).await.json(), differences);
        let whole = world.owner.get(&format!("/v1/privacy/notice-versions/{first}/differences")).await.json();
        assert_eq!((&whole["before"], &whole["segments"][0]["text"]), (&json!(null), &json!("We keep it.")));
        let old = world.owner.get(&format!("/v1/privacy/notice-versions/{first}")).await.json();
        assert_eq!(old["body"], "We keep it.");
        assert_eq!(world.owner.get("/v1/privacy/notices/privacy").await.json()["items"].as_array().unwrap().len(), 3);
        refused(&world.owner.get("/v1/privacy/notices/nothing").await, "not_found", None);
    }

    async fn people_concerned_by_an_incident_are_told_through_the_gate(t: Fixture) {
        let world = World::new(t).await;
        sender(&world).await;
        let contact = world.contact("sara@example.com").await;
        let segment = world.made("/v1/segments", json!({ "name": "All", "where": {} })).await;
        let incident = world.made("/v1/privacy/incidents", json!({ "kind": "exposure_risk",
            "discovered_at": "2026-11-20T08:00:00Z", "details": { "title": "An open bucket", "data_categories": ["addresses"] } })).await;
        let path = format!("/v1/privacy/incidents/{}", incident["id"].as_str().unwrap());
        assert_eq!(incident["clocks"][2]["due_at"], "2026-11-23T08:00:00Z");
        assert_eq!((&incident["clocks"][0]["level"], &incident["clocks"][0]["late"]), (&json!(100), &json!(true)));
        let listed = json!({ "segment": segment["id"], "how": "the whole list was in it" });
        assert_eq!(world.made(&format!("{path}/affected"), listed).await["people"], 1);
        assert_eq!(world.owner.get(&format!("{path}/affected")).await.json()["items"][0]["contact"], contact.as_str());
        // An objection stops advertising, not what the law makes us say.
        world.owner.post("/v1/suppressions", &json!({ "email": "sara@example.com", "reason": "objection" })).await;
        for (audience, kind) in [("subjects", "incident_subjects"), ("customers", "incident_customers")] {
            let notice = world.made(&format!("{path}/notices"), json!({ "audience": audience })).await;
            let sent = format!("/v1/privacy/incident-notices/{}/send", notice["id"].as_str().unwrap());
            assert_eq!(world.made(&sent, json!({})).await["state"], "sent");
            world.work().await;
            assert_eq!(said(&world).await.last().unwrap(), &(kind.to_owned(), 1));
        }
        let answer = world.owner.get(&format!("/v1/contacts/{contact}/answer")).await.text();
        assert!(answer.contains("statutory") && answer.contains("the whole list was in it"), "{answer}");
        let close = world.owner.post(&format!("{path}/close"), &json!({ "report": "The bucket is closed." })).await;
        refused(&close, "conflict", Some("risk"));
    }

    async fn an_authority_gets_nothing_unless_all_four_tests_hold(t: Fixture) {
        let world = World::new(t).await;
        sender(&world).await;
        let contact = world.contact("sara@example.com").await;
        let request = json!({ "body": "Regional Court", "instrument": "order 1", "government_body": true, "jurisdiction": true,
            "compulsory": false, "categories": ["contact"], "period_from": "2026-11-01T00:00:00Z", "period_to": "2026-12-01T00:00:00Z" });
        let made = world.made("/v1/privacy/authority-requests", request.clone()).await;
        let path = format!("/v1/privacy/authority-requests/{}", made["id"].as_str().unwrap());
        assert_eq!(made["exportable"], false);
        world.made(&format!("{path}/people"), json!({ "contacts": [contact] })).await;
        let refusal = world.owner.post(&format!("{path}/export"), &json!({})).await;
        refused(&refusal, "conflict", Some("compulsory"));
        assert_eq!(refusal.status.as_u16(), 409);
        let mut better = request;
        better["compulsory"] = json!(true);
        let change = json!({ "version": 1, "request": better });
        let changed = world.owner.put(&path, &change).await;
        assert_eq!(changed.json()["exportable"], true, "{}", changed.text());
        let export = world.made(&format!("{path}/export"), json!({})).await;
        let records = export["records"].as_array().unwrap();
        assert!(!records.is_empty() && records.iter().all(|one| one["table"] == "contact"), "{export}");
        world.work().await;
        assert_eq!(said(&world).await, [("authority_request".to_owned(), 1)]);
        assert_eq!(world.owner.get("/v1/privacy/transparency").await.json()["2026"]["answered"], 1);
    }

    async fn registers_belong_to_their_workspace(t: Fixture) {
        let world = World::new(t).await;
        let stranger = world.stranger().await;
        let id = |made: &Json| made["id"].as_str().unwrap().to_owned();
        let processor = id(&world.made("/v1/privacy/processors", relay()).await);
        let incident = id(&world.made("/v1/privacy/incidents", json!({ "kind": "breach", "details": { "title": "x" } })).await);
        let request = id(&world.made("/v1/privacy/authority-requests", json!({ "body": "Court" })).await);
        let document = id(&world.made("/v1/privacy/documents", json!({ "kind": "dpa", "title": "x" })).await);
        let notice = world.made("/v1/privacy/notices", json!({ "notice": "terms", "texts": { "en": "x" } })).await;
        let notice = id(&notice["items"][0]);
        for path in [
            format!("/v1/privacy/processors/{processor}"),
            format!("/v1/privacy/incidents/{incident}"),
            format!("/v1/privacy/incidents/{incident}/timeline"),
            format!("/v1/privacy/incidents/{incident}/affected"),
            format!("/v1/privacy/authority-requests/{request}"),
            format!("/v1/privacy/notice-versions/{notice}"),
            "/v1/privacy/notices/terms".to_owned(),
        ] {
            assert!(world.owner.get(&path).await.status.is_success(), "{path}");
            refused(&stranger.get(&path).await, "not_found", None);
        }
        let draft = json!({ "kind": "dpa", "title": "y" });
        let put = stranger.put(&format!("/v1/privacy/documents/{document}"), &draft).await;
        refused(&put, "not_found", None);
        for list in ["processors", "incidents", "authority-requests", "notices", "documents", "announcements"] {
            assert_eq!(stranger.get(&format!("/v1/privacy/{list}")).await.json()["items"], json!([]), "{list}");
        }
    }

    async fn the_self_assessment_runs_live(t: Fixture) {
        let world = World::new(t).await;
        let before = world.owner.get("/v1/privacy/assurance").await.json();
        let of = |answer: &Json, name: &str| {
            answer["checks"].as_array().unwrap().iter().find(|one| one["check"] == name).unwrap()["outcome"].clone()
        };
        assert_eq!((of(&before, "ledger"), of(&before, "data_map")), (json!("ok"), json!("ok")));
        assert_eq!(of(&before, "controller"), "warn");
        let profile = json!({ "dpo": { "name": "Ms Haddad", "email": "dpo@example.org" }, "hosting": [{ "place": "Falkenstein" }] });
        let set = world.owner.put("/v1/privacy/controller", &profile).await;
        assert_eq!(set.json()["controller"]["name"], "Nur Foundation", "{}", set.text());
        let again = world.owner.put("/v1/privacy/controller", &set.json()).await;
        assert_eq!(again.json()["version"], 2);
        let stale = world.owner.put("/v1/privacy/controller", &set.json()).await;
        refused(&stale, "version_conflict", None);
        assert_eq!(of(&world.owner.get("/v1/privacy/assurance").await.json(), "controller"), "ok");
        world.made("/v1/privacy/incidents", json!({ "kind": "breach", "discovered_at": "2026-11-01T00:00:00Z", "details": { "title": "x" } })).await;
        let after = world.owner.get("/v1/privacy/assurance").await.json();
        assert_eq!((of(&after, "incidents"), &after["overall"]), (json!("fail"), &json!("fail")));
    }
}
