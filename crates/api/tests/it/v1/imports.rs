//! Files of people.

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures_util::stream;
use http_server::testing::Answer;
use serde_json::json;
use testkit::Fixture;

use super::world::{World, refused, shown};

const QUERY: &str = "topic=News&basis=consent&source=trade%20fair&collected_on=2026-01-01";

async fn upload(world: &World, query: &str, body: impl Into<Body>) -> Answer {
    world.owner.clone().with("content-type", "text/csv").send(Method::POST, &format!("/v1/imports?{query}"), body).await
}

testkit::each_engine! {
    async fn a_file_is_taken_and_worked_off(t: Fixture) {
        let world = World::new(t).await;
        let file = "Email,First Name,Plan,Shoe size\nsara@example.com,Sara,gold,40\nnot an address,,,\nomar@example.com,Omar,,\n";
        let started = upload(&world, &format!("{QUERY}&attribute=Plan&filename=people.csv"), file).await;
        assert_eq!(started.status.as_u16(), 202, "{}", started.text());
        let path = format!("/v1/imports/{}", started.json()["id"].as_str().unwrap());
        assert_eq!(world.owner.get(&path).await.json()["state"], "running");
        world.work().await;
        let whole = shown(&world.owner.get(&path).await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "added": 2,
              "bytes": 104,
              "created_at": "2026-11-21T09:00:00Z",
              "dropped": [
                "Shoe size"
              ],
              "dry_run": false,
              "encoding": "UTF-8",
              "error": null,
              "eta_seconds": null,
              "id": "imp_…",
              "left_as_they_are": 0,
              "mapped": {
                "Email": "email",
                "First Name": "first name",
                "Plan": "attribute plan"
              },
              "per_second": null,
              "percent": 100,
              "read": 3,
              "reject_reasons": {
                "email": 1
              },
              "rejected": 1,
              "state": "finished",
              "topic": "top_…",
              "unchanged": 0,
              "updated": 0,
              "updated_at": "2026-11-21T09:00:00Z",
              "warning_count": 0,
              "warnings": [],
              "without_basis": 0
            }
        "#));
        let rejects = world.owner.get(&format!("{path}/rejects")).await;
        assert_eq!(rejects.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(rejects.text().lines().next(), Some("line,reason,value"));
        assert!(rejects.text().lines().nth(1).unwrap().starts_with("3,"), "{}", rejects.text());
        let topic = &world.owner.get("/v1/topics").await.json()["items"][0];
        assert_eq!(topic["name"], "News", "made by the import");
        let sara = world.owner.post("/v1/contacts/lookup", &json!({ "email": "sara@example.com" })).await.json();
        assert_eq!((&sara["attributes"]["plan"], &sara["topics"]["News"]), (&json!("gold"), &json!("subscribed")));
        refused(&world.owner.post(&format!("{path}/cancel"), &json!({})).await, "conflict", None);
        assert_eq!(world.owner.get("/v1/imports").await.json()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_dry_run_changes_nobody(t: Fixture) {
        let world = World::new(t).await;
        let started = upload(&world, &format!("{QUERY}&dry_run=true"), "email\nsara@example.com\n").await;
        world.work().await;
        let done = world.owner.get(&format!("/v1/imports/{}", started.json()["id"].as_str().unwrap())).await.json();
        assert_eq!((&done["added"], &done["dry_run"]), (&json!(1), &json!(true)));
        assert_eq!(world.owner.get("/v1/contacts").await.json()["items"], json!([]));
    }

    async fn what_is_wrong_with_a_file_is_told_at_once(t: Fixture) {
        let world = World::new(t).await;
        for (query, field) in [
            ("basis=consent&source=x&collected_on=2026-01-01", "topic"),
            ("topic=News&basis=hope&source=x&collected_on=2026-01-01", "basis"),
            ("topic=News&basis=consent&collected_on=2026-01-01", "source"),
            ("topic=News&basis=consent&source=x&collected_on=soon", "collected_on"),
            ("topic=News&basis=consent&source=x&collected_on=2030-01-01", "collected_on"),
            ("topic=News&basis=consent&source=x&collected_on=2026-01-01&colour=red", "colour"),
        ] {
            refused(&upload(&world, query, "email\nsara@example.com\n").await, "invalid_input", Some(field));
        }
        let doi = "topic=News&basis=consent_doi&source=x&collected_on=2026-01-01";
        refused(&upload(&world, doi, "email\nsara@example.com\n").await, "evidence_missing", None);
        for file in [&b""[..], b"colour\nred\n", b"email,email\na@example.com,b@example.com\n", b"\xff\xfe\x00"] {
            let answer = upload(&world, QUERY, file.to_vec()).await;
            assert!(answer.status.is_client_error(), "{}", answer.text());
        }
        let broken = stream::iter([Ok(Bytes::from("email\n")), Err(std::io::Error::other("gone"))]);
        refused(&upload(&world, QUERY, Body::from_stream(broken)).await, "malformed_body", None);
        let key = world.scoped(&["contacts:import"]).await;
        let answer = key.send(Method::POST, "/v1/imports?topic=New&basis=consent&source=x&collected_on=2026-01-01", "email\n").await;
        refused(&answer, "forbidden", None);
    }
}
