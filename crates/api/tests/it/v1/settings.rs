//! The workspace, the server, domains, webhooks, backups.

use serde_json::json;
use testkit::Fixture;

use super::world::{World, refused, shown};

testkit::each_engine! {
    async fn the_workspace_and_its_gate_are_set(t: Fixture) {
        let world = World::new(t).await;
        let change = json!({
            "postal_address": "2 Palm Street", "settings": { "default_sender": "Nur <news@example.org>" },
            "gate": { "min_age": 16, "quiet": { "start": "09:00", "end": "20:00" }, "frequency": { "cap": 2, "days": 7 } },
        });
        let answer = world.owner.patch("/v1/workspace", &change).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            200 {
              "created_at": "2026-11-21T09:00:00Z",
              "gate": {
                "approvals_required_on": null,
                "bases": null,
                "frequency": {
                  "cap": 2,
                  "days": 7
                },
                "min_age": 16,
                "paused": false,
                "quiet": {
                  "end": "20:00",
                  "start": "09:00"
                }
              },
              "id": "ws_…",
              "language": "en",
              "name": "Nur Foundation",
              "postal_address": "2 Palm Street",
              "second_factor": [],
              "settings": {
                "default_sender": "Nur <news@example.org>"
              },
              "slug": "nur-foundation",
              "state": "active",
              "updated_at": "2026-11-21T09:00:00Z",
              "version": 2
            }
        "#));
        let back = world.owner.patch("/v1/workspace", &json!({ "gate": { "frequency": null } })).await.json();
        assert_eq!(back["gate"]["frequency"], json!(null));
        assert_eq!(back["gate"]["min_age"], 16, "the rest stays");
        for (change, field) in [
            (json!({ "name": "" }), "name"),
            (json!({ "colour": "red" }), "colour"),
            (json!({ "gate": { "colour": "red" } }), "gate.colour"),
            (json!({ "gate": { "min_age": "old" } }), "gate.min_age"),
            (json!({ "gate": { "frequency": { "cap": 1, "days": 1000 } } }), "frequency.days"),
        ] {
            refused(&world.owner.patch("/v1/workspace", &change).await, "invalid_input", Some(field));
        }
        refused(&world.owner.patch("/v1/workspace", &json!({ "version": 1, "name": "X" })).await, "version_conflict", None);
        assert!(world.owner.get("/v1/audit").await.text().contains("gate.configured"));
    }

    async fn closing_the_workspace_ends_everything(t: Fixture) {
        let world = World::new(t).await;
        let admin = world.role(accounts::members::Role::Admin).await;
        refused(&admin.delete("/v1/workspace").await, "forbidden", None);
        assert_eq!(world.owner.delete("/v1/workspace").await.status.as_u16(), 204);
        let browser = world.browser().await;
        assert_eq!(browser.get("/v1/tags").await.status.as_u16(), 410);
    }

    async fn domains_are_added_checked_and_removed(t: Fixture) {
        let world = World::new(t).await;
        let added = world.made("/v1/domains", json!({ "domain": "Example.ORG" })).await;
        assert_eq!(added["domain"], "example.org");
        assert_eq!(added["verified"], false);
        let records = added["records"].as_array().unwrap();
        let kinds: Vec<_> = records.iter().map(|record| (record["type"].as_str().unwrap(), record["purpose"].as_str().unwrap())).collect();
        assert_eq!(kinds, [("TXT", "spf"), ("TXT", "dkim"), ("TXT", "dkim"), ("TXT", "dmarc"), ("MX", "return_path")]);
        assert!(records.iter().all(|record| record["name"].as_str().unwrap().ends_with("example.org")));
        assert_eq!(world.owner.get("/v1/domains/example.org").await.json()["records"], added["records"]);
        refused(&world.owner.post("/v1/domains", &json!({ "domain": "example.org" })).await, "already_exists", None);
        refused(&world.owner.post("/v1/domains", &json!({ "domain": "not a domain" })).await, "invalid_input", Some("domain"));
        let rotated = world.owner.post("/v1/domains/example.org/rotate", &json!({})).await.json();
        assert_eq!(rotated["records"].as_array().unwrap().len(), 7);
        refused(&world.owner.post("/v1/domains/example.org/rotate", &json!({})).await, "conflict", None);
        assert_eq!(world.owner.delete("/v1/domains/example.org").await.status.as_u16(), 204);
        refused(&world.owner.get("/v1/domains/example.org").await, "not_found", None);
    }

    async fn webhooks_show_their_secret_once(t: Fixture) {
        let world = World::new(t).await;
        let hook = json!({ "url": "https://hooks.example.com/x", "kinds": ["message.sent", "contact.created"] });
        let made = world.made("/v1/webhooks", hook.clone()).await;
        let secret = made["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"));
        let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
        let answer = world.owner.get(&path).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            200 {
              "created_at": "2026-11-21T09:00:00Z",
              "created_by": "key_…",
              "failing_since": null,
              "id": "whk_…",
              "kinds": [
                "contact.created",
                "message.sent"
              ],
              "reason": null,
              "shape": "barid",
              "state": "active",
              "updated_at": "2026-11-21T09:00:00Z",
              "url": "https://hooks.example.com/x"
            }
        "#));
        assert!(!answer.text().contains(&secret));
        let rotated = world.owner.post(&format!("{path}/rotate"), &json!({})).await.json();
        assert_ne!(rotated["secret"], secret.as_str());
        assert_eq!(world.owner.patch(&path, &json!({ "state": "paused" })).await.json()["state"], "paused");
        refused(&world.owner.patch(&path, &json!({ "state": "disabled" })).await, "invalid_input", Some("state"));
        refused(&world.owner.post(&format!("{path}/replay"), &json!({})).await, "invalid_input", Some("state"));
        for (url, kinds) in [("http://127.0.0.1/x", "*"), ("https://10.0.0.1/x", "*"), ("nonsense", "*"), ("https://hooks.example.com", "no.such")] {
            let answer = world.owner.post("/v1/webhooks", &json!({ "url": url, "kinds": [kinds] })).await;
            assert_eq!(answer.status.as_u16(), 422, "{url} {kinds} {}", answer.text());
        }
        for list in ["attempts", "messages"] {
            assert_eq!(world.owner.get(&format!("{path}/{list}")).await.json(), json!({ "items": [], "next": null }));
            refused(&world.owner.get(&format!("{path}/{list}?cursor=x")).await, "invalid_input", Some("cursor"));
        }
        let kinds = world.owner.get("/v1/webhooks/events").await.json();
        assert!(kinds["items"].as_array().unwrap().contains(&json!("message.sent")));
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.get(&path).await, "not_found", None);
    }

    async fn a_request_sent_twice_acts_once(t: Fixture) {
        let world = World::new(t).await;
        let client = world.owner.clone().with("idempotency-key", "abc");
        let body = json!({ "email": "sara@example.com" });
        let (first, second) = (client.post("/v1/contacts", &body).await, client.post("/v1/contacts", &body).await);
        assert_eq!((first.status, first.json()), (second.status, second.json()));
        refused(&client.post("/v1/contacts", &json!({ "email": "omar@example.com" })).await, "idempotency_mismatch", None);
    }
}

#[test]
fn the_owner_of_the_only_workspace_takes_a_backup() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        for path in ["/v1/backup/data", "/v1/backup/keys"] {
            let answer = world.owner.get(path).await;
            assert!(answer.body.starts_with(b"SQLite format 3\0"), "{path}: {}", answer.status);
            refused(&world.role(accounts::members::Role::Admin).await.get(path).await, "forbidden", None);
        }
        let left: Vec<_> = std::fs::read_dir(world.t.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");
        world.stranger().await;
        refused(&world.owner.get("/v1/backup/data").await, "forbidden", None);
    });
}

#[test]
fn the_server_says_its_version() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let meta = world.owner.get("/v1/meta").await.json();
        assert_eq!((meta["name"].as_str(), meta["version"].as_str()), (Some("barid"), Some(env!("CARGO_PKG_VERSION"))));
        let document = world.anonymous().get("/v1/openapi.json").await;
        assert_eq!(document.text(), api::v1::openapi());
        let again = world.anonymous().with("if-none-match", document.header("etag")).get("/v1/openapi.json").await;
        assert_eq!(again.status.as_u16(), 304);
        refused(&world.owner.post("/v1/tags", &json!([])).await, "invalid_input", None);
        let malformed = world.owner.clone().with("content-type", "application/json");
        let answer = malformed.send(axum::http::Method::POST, "/v1/tags", "{\"name\":").await;
        refused(&answer, "malformed_body", None);
        let text = world.owner.clone().with("content-type", "text/plain");
        refused(&text.send(axum::http::Method::POST, "/v1/tags", "x").await, "unsupported_media_type", None);
    });
}
