//! Verifications, look-up, numbers and test keys through the API.

use http_server::testing::TestClient;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use store::jobs::Handler;
use testkit::Fixture;

use super::world::{World, refused};

const LINA: &str = "+966501234567";

async fn open(t: Fixture) -> World {
    let world = World::new(t).await;
    let countries = json!({ "countries": ["SA"], "parts": 10, "parts_a_day": null, "parts_a_day_by_country": null,
        "parts_a_day_by_block": null });
    assert!(world.owner.put("/v1/messages/settings", &countries).await.status.is_success());
    world.made("/v1/originators", json!({ "value": "+966112345678" })).await;
    world
}

/// Somebody with a key for trying out.
async fn tester(world: &World) -> TestClient {
    let made = world.made("/v1/keys", json!({ "name": "try", "scopes": ["*"], "test": true })).await;
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("barid_test_"), "{key}");
    world.anonymous().bearer(key)
}

async fn begin(client: &TestClient, body: Json) -> Json {
    let answer = client.post("/v1/verifications", &body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.json()
}

async fn work(world: &World) {
    let handlers: [Arc<dyn Handler>; 2] = [
        Arc::new(telecom::messages::SendMessages::new(world.app.sms.clone())),
        Arc::new(calls::verify::ExpireVerifications),
    ];
    store::jobs::drain(&world.t.core, &handlers).await.unwrap();
}

testkit::each_engine! {
    async fn a_code_goes_out_and_is_shown_to_nobody(t: Fixture) {
        let world = open(t).await;
        let sms = begin(&world.owner, json!({ "to": 966_501_234_567_u64, "reference": "order 7" })).await;
        assert_eq!((&sms["state"], &sms["to"], &sms["reference"]), (&json!("pending"), &json!(LINA), &json!("order 7")));
        assert_eq!((&sms["channel"], &sms["attempts_left"], &sms["test"]), (&json!("sms"), &json!(3), &json!(false)));
        let message = sms["sent"][0]["message"].as_str().unwrap();
        let shown = world.owner.get(&format!("/v1/messages/{message}")).await.json();
        assert_eq!(shown["text"], "Nur Foundation: your code is ••••••. It is good for 10 minutes. Do not pass it on.");
        assert_eq!(shown["reference"], sms["id"]);
        let id = sms["id"].as_str().unwrap();
        let wrong = world.owner.post(&format!("/v1/verifications/{id}/check"), &json!({ "code": "x" })).await;
        refused(&wrong, "wrong_code", None);
        let none = world.owner.post(&format!("/v1/verifications/{id}/check"), &json!({ "code": "" })).await;
        refused(&none, "invalid_input", Some("code"));
        refused(&world.owner.post("/v1/verifications", &json!({ "to": LINA })).await, "rate_limited", None);
        let spoken = json!({ "to": "+966509999999", "channel": "voice" });
        refused(&world.owner.post("/v1/verifications", &spoken).await, "invalid_input", Some("channel"));
        refused(&world.owner.post("/v1/verifications", &json!({ "to": "+491701234567" })).await, "invalid_input", Some("to"));
        let listed = world.owner.get("/v1/verifications").await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "what is refused leaves nothing");
        assert_eq!((&listed["items"][0]["to"], &listed["items"][0]["attempts"]), (&json!(null), &json!(1)));
        let back = world.owner.post(&format!("/v1/verifications/{id}/cancel"), &json!({})).await.json();
        assert_eq!(back["state"], "cancelled");
    }

    async fn a_test_key_takes_the_whole_way_and_leaves_nothing(t: Fixture) {
        let world = open(t).await;
        let tester = tester(&world).await;
        let prepaid = json!({ "currency": "SAR", "credit_micros": 0 });
        assert!(world.owner.put("/v1/balance", &prepaid).await.status.is_success());
        refused(&tester.post("/v1/verifications", &json!({ "to": LINA })).await, "unpriced", None);
        let price = json!({ "items": [{ "service": "sms", "country": "SA", "amount_micros": 40_000 },
            { "service": "lookup", "amount_micros": 7 }] });
        assert!(world.owner.put("/v1/prices", &price).await.status.is_success());
        let begun = begin(&tester, json!({ "to": LINA, "code_length": 4 })).await;
        assert_eq!(begun["test"], true);
        let message = begun["sent"][0]["message"].as_str().unwrap();
        work(&world).await;
        let played = tester.get(&format!("/v1/messages/{message}")).await.json();
        assert_eq!((&played["state"], &played["trial"], &played["price_micros"]), (&json!("delivered"), &json!(true), &json!(40_000)));
        let check = format!("/v1/verifications/{}/check", begun["id"].as_str().unwrap());
        refused(&world.owner.post(&check, &json!({ "code": "1234" })).await, "not_found", None);
        let done = tester.post(&check, &json!({ "code": "1234" })).await;
        assert_eq!((done.status.as_u16(), &done.json()["state"]), (200, &json!("verified")));
        let sent = tester.post("/v1/messages", &json!({ "to": LINA, "text": "Hi", "basis": "contract" })).await.json();
        assert_eq!(sent["trial"], true, "whether or not the body says so");
        let asked = tester.post(&format!("/v1/lookup/{LINA}/hlr"), &json!({})).await.json();
        assert_eq!((&asked["status"], &asked["price_micros"]), (&json!("active"), &json!(7)));
        let balance = world.owner.get("/v1/balance").await.json();
        assert_eq!((&balance["spent_micros"], &balance["reserved_micros"]), (&json!(0), &json!(0)));
        for path in ["/v1/contacts", "/v1/keys", "/v1/campaigns"] {
            refused(&tester.get(path).await, "forbidden", None);
        }
        let keys = world.owner.get("/v1/keys").await.json();
        let tests: Vec<&Json> = keys["items"].as_array().unwrap().iter().map(|key| &key["test"]).collect();
        assert!(tests.contains(&&json!(true)) && tests.contains(&&json!(false)));
    }

    async fn numbers_are_looked_up_and_kept(t: Fixture) {
        let world = open(t).await;
        let facts = world.owner.get("/v1/lookup/0501234567?country=SA").await.json();
        assert_eq!((&facts["valid"], &facts["kind"], &facts["country"]), (&json!(true), &json!("mobile"), &json!("SA")));
        assert_eq!(facts["formats"], json!({ "e164": LINA, "international": "+966 50 123 4567",
            "national": "050 123 4567", "rfc3966": "tel:+966-50-123-4567" }));
        refused(&world.owner.get("/v1/lookup/hello").await, "invalid_input", Some("number"));
        refused(&world.owner.post(&format!("/v1/lookup/{LINA}/hlr"), &json!({})).await, "conflict", None);
        let elsewhere = json!({ "url": "https://hlr.example/", "key": "k" });
        refused(&world.owner.put("/v1/lookup/provider", &elsewhere).await, "invalid_input", Some("url"));

        let number = json!({ "number": "966114445566", "originator": true, "settings": { "capabilities": ["sms", "voice"],
            "tags": ["shop"], "forward": { "sms": "webhook" } } });
        let made = world.made("/v1/numbers", number).await;
        assert_eq!((&made["number"], &made["kind"], &made["state"]), (&json!("+966114445566"), &json!("fixed_line"), &json!("active")));
        assert!(made["originator"].as_str().unwrap().starts_with("ori_"));
        let path = format!("/v1/numbers/{}", made["id"].as_str().unwrap());
        let paused = world.owner.patch(&path, &json!({ "state": "paused" })).await.json();
        assert_eq!((&paused["state"], &paused["tags"]), (&json!("paused"), &json!(["shop"])));
        let items = json!({ "items": [{ "number": "+966112345678" }, { "number": "x" }, { "number": "37373" }] });
        let imported = world.made("/v1/numbers/import", items).await;
        assert_eq!(imported["added"].as_array().unwrap().len(), 2);
        assert!(imported["added"][0]["originator"].is_string(), "the originator was there");
        assert_eq!(imported["refused"][0]["place"], 1);
        assert_eq!(world.owner.get("/v1/numbers?limit=2").await.json()["items"].as_array().unwrap().len(), 2);
        assert_eq!(world.owner.get("/v1/numbers/default").await.json(), json!({ "sms": "conversation", "voice": null }));
    }
}
