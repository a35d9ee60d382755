//! Requests of data subjects over the API.

use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused};

async fn post(world: &World, id: &str, verb: &str, body: Json) -> Json {
    let answer = world.owner.post(&format!("/v1/privacy/requests/{id}/{verb}"), &body).await;
    assert_eq!(answer.status, 200, "{verb}: {}", answer.text());
    answer.json()
}

fn id(json: &Json) -> String {
    json["id"].as_str().unwrap().to_owned()
}

testkit::each_engine! {
    async fn nothing_is_released_before_it_is_verified(t: Fixture) {
        let world = World::new(t).await;
        let sara = world.contact("sara@example.com").await;
        let made = world.made("/v1/privacy/requests", json!({ "type": "access", "email": "sara@example.com" })).await;
        assert_eq!((&made["state"], &made["subject"], &made["channel"]), (&json!("challenged"), &json!(sara), &json!("api")));
        let path = format!("/v1/privacy/requests/{}", id(&made));
        refused(&world.owner.post(&format!("{path}/fulfil"), &json!({})).await, "conflict", None);
        refused(&world.owner.get(&format!("{path}/pack")).await, "not_found", None);
        refused(&world.owner.post(&format!("{path}/verify"), &json!({ "evidence": "" })).await, "invalid_input", Some("evidence"));
        assert_eq!(world.owner.get("/v1/privacy/requests").await.json()["items"], json!([]), "nobody verified it");
        assert_eq!(world.owner.get("/v1/privacy/requests?state=challenged").await.json()["items"][0]["id"], made["id"]);

        post(&world, &id(&made), "note", json!({ "text": "called her" })).await;
        post(&world, &id(&made), "verify", json!({ "evidence": "passport seen" })).await;
        let extended = post(&world, &id(&made), "extend", json!({ "reason": "forty at once" })).await;
        assert_eq!(extended["due_at"], "2027-02-22T00:00:00Z");
        let done = post(&world, &id(&made), "fulfil", json!({})).await;
        assert_eq!((&done["outcome"], &done["request"]["state"]), (&json!("pack"), &json!("fulfilled")));
        assert_eq!(done["request"]["content"], json!(null));
        let pack = world.owner.get(&format!("{path}/pack")).await.json();
        assert_eq!((&pack["format"], &pack["subject"]), (&json!("barid-access-pack/1"), &json!(sara)));
        assert!(pack.to_string().contains("sara@example.com"));
        let detail = world.owner.get(&path).await.json();
        let kinds: Vec<&str> = detail["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["received", "challenged", "note", "verified", "extended", "started", "fulfilled"]);
        assert!(detail["pack_until"].is_string() && !detail.to_string().contains("called her"));
    }

    async fn many_requests_each_succeed_or_fail(t: Fixture) {
        let world = World::new(t).await;
        let sara = world.contact("sara@example.com").await;
        let items = json!([
            { "type": "erasure", "subject": sara, "evidence": "signed letter", "fulfil": true, "channel": "post" },
            { "type": "access", "email": "nobody@example.com" },
            { "type": "access", "subject": "con_00000000000000000000000001" },
            { "type": "access", "email": "a@example.com", "corrections": { "first_name": "x" } },
            { "type": "access", "email": "a@example.com", "channel": "centre" },
            { "type": "erasure", "email": "a@example.com", "fulfil": true },
        ]);
        let answer = world.owner.post("/v1/privacy/requests/batch", &json!({ "items": items })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let results = answer.json()["results"].as_array().unwrap().clone();
        let states: Vec<Json> = results
            .iter()
            .map(|one| if one["request"].is_null() { one["problem"]["code"].clone() } else { one["request"]["state"].clone() })
            .collect();
        assert_eq!(states, ["fulfilled", "received", "not_found", "invalid_input", "invalid_input", "invalid_input"]);
        assert_eq!(world.owner.get(&format!("/v1/privacy/erasures/{sara}")).await.json()["subject"], sara);
        let nobody = id(&results[1]["request"]);
        post(&world, &nobody, "verify", json!({ "evidence": "called" })).await;
        assert_eq!(post(&world, &nobody, "fulfil", json!({})).await["outcome"], "nothing_held");
        refused(&world.owner.post("/v1/privacy/requests/batch", &json!({ "items": [] })).await, "invalid_input", Some("items"));
    }

    async fn an_objection_told_to_staff_stops_all_advertising(t: Fixture) {
        let world = World::new(t).await;
        let sara = world.contact("sara@example.com").await;
        let path = format!("/v1/subjects/{sara}/objections");
        let one = world.made(&path, json!({ "channel": "sms", "note": "no texts" })).await;
        assert_eq!(one["objection"], "channel:sms");
        let all = world.made(&path, json!({})).await;
        assert_eq!(all["objection"], "all_marketing");
        let told = world.owner.get(&format!("/v1/contacts/{sara}/answer")).await.json();
        let scopes = told["suppressions"].to_string();
        assert!(scopes.contains("purpose:marketing") && scopes.contains("objection"), "{scopes}");
        let kept = world.owner.get("/v1/privacy/requests?state=fulfilled").await.json();
        assert_eq!(kept["items"].as_array().unwrap().len(), 2);
        refused(&world.owner.post(&path, &json!({ "channel": "email", "purpose": "marketing" })).await, "invalid_input", Some("channel"));
    }

    async fn a_refusal_needs_a_ground_and_words(t: Fixture) {
        let world = World::new(t).await;
        let sara = world.contact("sara@example.com").await;
        let made = world.made("/v1/privacy/requests", json!({ "type": "erasure", "subject": sara, "evidence": "seen" })).await;
        let path = format!("/v1/privacy/requests/{}/refuse", id(&made));
        refused(&world.owner.post(&path, &json!({ "ground": "mood", "explanation": "no" })).await, "invalid_input", None);
        refused(&world.owner.post(&path, &json!({ "ground": "legal_claims", "explanation": " " })).await, "invalid_input", Some("explanation"));
        let told = post(&world, &id(&made), "refuse", json!({ "ground": "legal_claims", "explanation": "A case is pending." })).await;
        assert_eq!((&told["state"], &told["explanation"]), (&json!("refused"), &json!("A case is pending.")));
        refused(&world.owner.post(&path, &json!({ "ground": "legal_claims", "explanation": "again" })).await, "conflict", None);
    }
}
