//! Contacts: made, found, changed, merged, tagged, subscribed, exported.

use serde_json::json;
use testkit::Fixture;

use super::world::{World, refused, shown};

testkit::each_engine! {
    async fn a_contact_is_made_found_and_changed(t: Fixture) {
        let world = World::new(t).await;
        world.made("/v1/fields", json!({ "label": "Plan", "kind": "text", "purpose": "service" })).await;
        let new = json!({ "email": "Sara@Example.com", "phone": "+4930123456", "first_name": "Sara", "language": "ar",
            "country": "Germany", "attributes": { "plan": "gold" }, "tags": ["VIP"], "source": "trade fair" });
        let answer = world.owner.post("/v1/contacts", &new).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            201 {
              "archived": false,
              "attributes": {
                "plan": "gold"
              },
              "company": null,
              "country": "DE",
              "created_at": "2026-11-21T09:00:00Z",
              "email": "Sara@example.com",
              "emails": [
                "Sara@example.com"
              ],
              "events": [],
              "first_name": "Sara",
              "id": "con_…",
              "language": "ar",
              "last_name": null,
              "phone": "+4930123456",
              "phones": [
                "+4930123456"
              ],
              "recipient_type": null,
              "tags": [
                "VIP"
              ],
              "time_zone": null,
              "topics": {},
              "updated_at": "2026-11-21T09:00:00Z",
              "version": 1
            }
        "#));
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/contacts/{id}");
        for lookup in [json!({ "email": "sara@example.com" }), json!({ "phone": "+49 30 123456" })] {
            assert_eq!(world.owner.post("/v1/contacts/lookup", &lookup).await.json()["id"], id.as_str());
        }
        let change = json!({ "first_name": null, "email": "sara@example.net", "remove": ["+4930123456"], "untag": ["vip"],
            "attributes": { "plan": null }, "archived": true });
        let changed = world.owner.patch(&path, &change).await.json();
        assert_eq!(changed["first_name"], json!(null));
        assert_eq!(changed["emails"].as_array().unwrap().len(), 2);
        assert_eq!((&changed["phones"], &changed["tags"], &changed["attributes"]), (&json!([]), &json!([]), &json!({})));
        assert_eq!(changed["archived"], true);
        refused(&world.owner.patch(&path, &json!({ "company": "X", "version": 1 })).await, "version_conflict", None);
        let tagged = world.owner.post(&format!("{path}/tags"), &json!({ "add": ["a", "b"] })).await.json();
        assert_eq!(tagged["tags"], json!(["a", "b"]));
    }

    async fn wrong_values_are_named_and_not_repeated(t: Fixture) {
        let world = World::new(t).await;
        let id = world.contact("sara@example.com").await;
        for (body, field) in [
            (json!({}), "email"),
            (json!({ "email": "not-an-address" }), "email"),
            (json!({ "phone": "12" }), "phone"),
            (json!({ "email": "a@example.com", "country": "Atlantis-Secret" }), "country"),
            (json!({ "email": "a@example.com", "attributes": { "unknown": 1 } }), "attributes.unknown"),
            (json!({ "email": "a@example.com", "colour": "red" }), "colour"),
            (json!({ "email": "a@example.com", "archived": true }), "archived"),
            (json!({ "email": 7 }), "email"),
        ] {
            let answer = world.owner.post("/v1/contacts", &body).await;
            refused(&answer, "invalid_input", Some(field));
            assert!(!answer.text().contains("Atlantis") && !answer.text().contains("not-an-address"), "{}", answer.text());
        }
        refused(&world.owner.post("/v1/contacts", &json!({ "email": "SARA@example.com" })).await, "already_exists", None);
        refused(&world.owner.post("/v1/contacts/lookup", &json!({})).await, "invalid_input", Some("email"));
        refused(&world.owner.get("/v1/contacts/nonsense").await, "not_found", None);
        let merge = format!("/v1/contacts/{id}/merge");
        refused(&world.owner.post(&merge, &json!({ "duplicate": id })).await, "invalid_input", Some("duplicate"));
    }

    async fn lists_go_on_where_the_page_before_ended(t: Fixture) {
        let world = World::new(t).await;
        for n in 0..5 {
            world.contact(&format!("p{n}@example.com")).await;
        }
        let (mut seen, mut path) = (Vec::new(), "/v1/contacts?limit=2".to_owned());
        loop {
            let page = world.owner.get(&path).await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["email"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/v1/contacts?limit=2&cursor={next}");
        }
        assert_eq!(seen, (0..5).map(|n| format!("p{n}@example.com")).collect::<Vec<_>>());
        refused(&world.owner.get("/v1/contacts?cursor=x").await, "invalid_input", Some("cursor"));
        let found = world.owner.get("/v1/contacts?q=p3").await.json();
        assert_eq!(found["items"][0]["email"], "p3@example.com");
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }

    async fn two_become_one(t: Fixture) {
        let world = World::new(t).await;
        let (kept, gone) = (world.contact("a@example.com").await, world.contact("b@example.com").await);
        let merged = world.owner.post(&format!("/v1/contacts/{kept}/merge"), &json!({ "duplicate": gone })).await.json();
        assert_eq!(merged["emails"], json!(["a@example.com", "b@example.com"]));
        refused(&world.owner.get(&format!("/v1/contacts/{gone}")).await, "not_found", None);
    }

    async fn people_join_and_leave_topics(t: Fixture) {
        let world = World::new(t).await;
        world.made("/v1/topics", json!({ "name": "News", "double_opt_in": false })).await;
        let join = json!({ "topic": "news", "contact": { "email": "sara@example.com" },
            "proof": { "ip": "192.0.2.7", "wording": "Yes, write to me" } });
        let answer = world.owner.post("/v1/subscribe", &join).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            200 {
              "contact": "con_…",
              "state": "joined"
            }
        "#));
        let id = answer.json()["contact"].as_str().unwrap().to_owned();
        assert_eq!(world.owner.post("/v1/subscribe", &join).await.json()["state"], "already");
        let leave = format!("/v1/contacts/{id}/unsubscribe");
        for _ in 0..2 {
            let left = world.owner.post(&leave, &json!({ "topic": "News" })).await.json();
            assert_eq!(left["topics"], json!({ "News": "unsubscribed" }));
        }
        refused(&world.owner.post("/v1/subscribe", &join).await, "blocked_target", None);
        refused(&world.owner.post(&leave, &json!({ "topic": "Sports" })).await, "not_found", None);
        assert_eq!(world.owner.post(&leave, &json!({})).await.status.as_u16(), 200);
    }

    async fn everybody_is_exported(t: Fixture) {
        let world = World::new(t).await;
        let evil = json!({ "email": "sara@example.com", "first_name": "=1+1" });
        world.made("/v1/contacts", evil).await;
        let csv = world.owner.get("/v1/contacts/export").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.header("content-disposition").contains("contacts.csv"));
        let line = csv.text().lines().nth(1).unwrap().to_owned();
        assert!(line.starts_with("sara@example.com,,'=1+1,"), "{line}");
        let lines = world.owner.get("/v1/contacts/export?format=json").await.text();
        assert_eq!(lines.lines().count(), 1);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&lines).unwrap()["first_name"], "=1+1");
        refused(&world.owner.get("/v1/contacts/export?format=xml").await, "invalid_input", None);
        assert!(world.owner.get("/v1/audit").await.text().contains("contacts.exported"));
    }
}
