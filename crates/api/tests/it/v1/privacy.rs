//! The ledger, blocks, erasure, the answer to one person.

use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused, shown};

async fn subscriber(world: &World) -> String {
    world.made("/v1/topics", json!({ "name": "News", "double_opt_in": false })).await;
    let join =
        json!({ "topic": "News", "contact": { "email": "sara@example.com", "first_name": "Sara", "country": "DE" } });
    world.made("/v1/subscribe", join).await["contact"].as_str().unwrap().to_owned()
}

testkit::each_engine! {
    async fn the_ledger_is_exported_signed_and_verified(t: Fixture) {
        let world = World::new(t).await;
        subscriber(&world).await;
        let lines = world.owner.get("/v1/ledger/export").await;
        assert_eq!(lines.header("content-type"), "application/x-ndjson");
        let first: Json = serde_json::from_str(lines.text().lines().next().unwrap()).unwrap();
        assert_eq!(first["seq"], 1);
        assert!(!lines.text().contains("sara"), "nothing personal is in it");
        let head = world.owner.post("/v1/ledger/checkpoint", &json!({})).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&head), @r#"
            200 {
              "at": "2026-11-21T09:00:00Z",
              "hash": "[hex]",
              "public_key": "[hex]",
              "seq": 1,
              "signature": "[hex]",
              "workspace": "ws_…"
            }
        "#));
        let verified = world.owner.post("/v1/ledger/verify?payloads=true", &json!({})).await.json();
        assert_eq!((&verified["ok"], &verified["first_bad_seq"], &verified["checkpoints"]), (&json!(true), &json!(null), &json!(1)));
        assert_eq!(verified["records"].as_u64(), Some(lines.text().lines().count() as u64));
        refused(&world.owner.post("/v1/ledger/verify?colour=red", &json!({})).await, "invalid_input", None);
    }

    async fn a_person_learns_everything_and_is_erased(t: Fixture) {
        let world = World::new(t).await;
        let id = subscriber(&world).await;
        let answer = world.owner.get(&format!("/v1/contacts/{id}/answer")).await;
        assert!(answer.text().contains("Sara"), "{}", answer.text());
        assert_eq!(answer.json()["basis"][0]["purpose"], "marketing");
        assert!(!answer.json()["sources"].as_array().unwrap().is_empty());
        let certificate = world.owner.post(&format!("/v1/contacts/{id}/erase"), &json!({})).await.json();
        assert_eq!(certificate["subject"], id.as_str());
        assert!(serde_json::from_value::<privacy::erasure::Certificate>(certificate.clone()).unwrap().is_authentic());
        assert_eq!(world.owner.post(&format!("/v1/contacts/{id}/erase"), &json!({})).await.json(), certificate);
        assert_eq!(world.owner.get("/v1/privacy/erasures").await.json()["items"], json!([certificate]));
        assert_eq!(world.owner.get(&format!("/v1/privacy/erasures/{id}")).await.json(), certificate);
        refused(&world.owner.get(&format!("/v1/contacts/{id}")).await, "not_found", None);
        refused(&world.owner.post("/v1/contacts", &json!({ "email": "sara@example.com" })).await, "blocked_target", None);
        assert_eq!(world.owner.get(&format!("/v1/contacts/{id}/answer")).await.json()["erased"]["id"], certificate["id"]);
        assert!(world.owner.get("/v1/audit").await.text().contains("contact.erased"));
    }

    async fn receipts_are_signed_and_checked(t: Fixture) {
        let world = World::new(t).await;
        let id = subscriber(&world).await;
        let receipts = world.owner.get(&format!("/v1/contacts/{id}/receipts")).await.json();
        let checked = async |receipt: &Json| world.owner.post("/v1/privacy/receipts/check", receipt).await.json();
        assert_eq!(checked(&receipts[0]).await, json!({ "intact": true, "ours": true }));
        let mut forged = receipts[0].clone();
        forged["purposes"][0]["id"] = json!("profiling");
        assert_eq!(checked(&forged).await, json!({ "intact": false, "ours": true }));
        assert_eq!(checked(&json!([1])).await, json!({ "intact": false, "ours": false }));
        let nobody = world.owner.get("/v1/contacts/con_00000000000000000000000000/receipts").await;
        refused(&nobody, "not_found", None);
    }

    async fn blocks_are_counted_and_never_listed(t: Fixture) {
        let world = World::new(t).await;
        let id = subscriber(&world).await;
        for block in [
            json!({ "email": "sara@example.com", "reason": "objection", "note": "by telephone" }),
            json!({ "email": "nobody@example.com" }),
            json!({ "phone": "+4930123456", "reason": "legal_block" }),
            json!({ "domain": "Blocked.example" }),
        ] {
            let answer = world.owner.post("/v1/suppressions", &block).await;
            assert_eq!(answer.status.as_u16(), 204, "{}", answer.text());
        }
        let whole = shown(&world.owner.get("/v1/suppressions").await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "items": [
                {
                  "count": 1,
                  "reason": "unsubscribe_all",
                  "scope": "address"
                },
                {
                  "count": 1,
                  "reason": "domain_block",
                  "scope": "domain"
                },
                {
                  "count": 1,
                  "reason": "legal_block",
                  "scope": "person"
                },
                {
                  "count": 2,
                  "reason": "objection",
                  "scope": "purpose:marketing"
                }
              ],
              "next": null
            }
        "#));
        let known = world.owner.get(&format!("/v1/contacts/{id}/answer")).await.json();
        assert!(known["suppressions"].as_array().unwrap().iter().any(|block| block["reason"] == "objection"), "{known}");
        let verified = world.owner.post("/v1/ledger/verify", &json!({})).await.json();
        assert_eq!(verified["ok"], true);
        for (block, field) in [
            (json!({}), "email"),
            (json!({ "email": "a@example.com", "domain": "example.com" }), "email"),
            (json!({ "email": "nobody" }), "email"),
            (json!({ "domain": "no domain" }), "domain"),
            (json!({ "email": "a@example.com", "reason": "whim" }), "reason"),
        ] {
            refused(&world.owner.post("/v1/suppressions", &block).await, "invalid_input", Some(field));
        }
    }
}

#[test]
fn the_gate_explains_itself() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let pack = world.owner.get("/v1/privacy/pack").await.json();
        assert!(pack["rows"].as_array().unwrap().len() > 10);
        let question = json!({ "country": "DE", "recipient_type": "individual", "channel": "email", "purpose": "marketing",
            "now": "2026-11-21T09:00:00Z" });
        let answer = world.owner.post("/v1/privacy/explain", &question).await.json();
        assert_eq!((&answer["decision"], &answer["pack"]), (&json!("deny"), &pack["version"]));
        for wrong in [json!([]), json!({ "colour": "red" }), json!({ "now": "soon" })] {
            refused(&world.owner.post("/v1/privacy/explain", &wrong).await, "invalid_input", None);
        }
    });
}
