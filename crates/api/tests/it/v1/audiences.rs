//! Topics, tags, fields, forms, segments.

use serde_json::json;
use testkit::Fixture;

use super::world::{World, refused, shown};

testkit::each_engine! {
    async fn topics_are_made_changed_and_put_aside(t: Fixture) {
        let world = World::new(t).await;
        let answer = world.owner.post("/v1/topics", &json!({ "name": "News", "description_ar": "أخبار" })).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            201 {
              "archived_at": null,
              "created_at": "2026-11-21T09:00:00Z",
              "description_ar": "أخبار",
              "description_en": "",
              "double_opt_in": true,
              "id": "top_…",
              "name": "News",
              "public": true,
              "purpose": "marketing"
            }
        "#));
        let path = format!("/v1/topics/{}", answer.json()["id"].as_str().unwrap());
        let changed = world.owner.patch(&path, &json!({ "public": false, "archived": true })).await.json();
        assert_eq!((&changed["public"], &changed["name"]), (&json!(false), &json!("News")));
        assert!(changed["archived_at"].is_string());
        assert_eq!(world.owner.patch(&path, &json!({ "archived": false })).await.json()["archived_at"], json!(null));
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        assert_eq!(world.owner.get(&path).await.json()["members"], json!({}));
        refused(&world.owner.post("/v1/topics", &json!({ "name": "NEWS" })).await, "already_exists", None);
        refused(&world.owner.post("/v1/topics", &json!({ "name": " " })).await, "invalid_input", Some("name"));
        refused(&world.owner.post("/v1/topics", &json!({})).await, "invalid_input", Some("name"));
    }

    async fn tags_and_fields_are_kept(t: Fixture) {
        let world = World::new(t).await;
        let tag = world.made("/v1/tags", json!({ "name": "VIP" })).await;
        assert_eq!(world.made("/v1/tags", json!({ "name": "vip" })).await, tag);
        let path = format!("/v1/tags/{}", tag["id"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "name": "Very" })).await.json()["name"], "Very");
        refused(&world.owner.patch(&path, &json!({ "name": "" })).await, "invalid_input", Some("tag"));
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.delete(&path).await, "not_found", None);

        let answer = world.owner.post("/v1/fields", &json!({ "label": "Member No.", "kind": "number", "purpose": "service" })).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            201 {
              "created_at": "2026-11-21T09:00:00Z",
              "key": "member_no",
              "kind": "number",
              "label": "Member No.",
              "purpose": "service"
            }
        "#));
        let path = format!("/v1/fields/{}", answer.json()["key"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "label": "Number" })).await.json()["label"], "Number");
        refused(&world.owner.patch(&path, &json!({ "label": "" })).await, "invalid_input", Some("label"));
        refused(&world.owner.post("/v1/fields", &json!({ "label": "x", "kind": "colour", "purpose": "service" })).await,
            "invalid_input", Some("kind"));
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.delete(&path).await, "not_found", None);
    }

    async fn forms_are_bound_to_topics_and_purposes(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let texts = json!({ "title": "t", "consent": "c", "button": "b" });
        let definition = json!({ "fields": [{ "key": "email", "purpose": "marketing", "required": true,
            "label_en": "E-mail", "label_ar": "البريد" }], "en": texts, "ar": texts });
        let made = world.made("/v1/forms", json!({ "name": "Site", "topic": "News", "definition": definition })).await;
        let path = format!("/v1/forms/{}", made["id"].as_str().unwrap());
        let changed = world.owner.patch(&path, &json!({ "name": "Shop", "archived": true })).await.json();
        assert_eq!(changed["name"], "Shop");
        assert!(changed["archived_at"].is_string());
        refused(&world.owner.patch(&path, &json!({ "name": "X", "version": 1 })).await, "version_conflict", None);
        let mut wrong = definition.clone();
        wrong["fields"][0]["purpose"] = json!("");
        let answer = world.owner.post("/v1/forms", &json!({ "name": "F", "topic": "News", "definition": wrong })).await;
        refused(&answer, "invalid_input", Some("fields[0].purpose"));
        refused(&world.owner.post("/v1/forms", &json!({ "name": "F", "topic": "No", "definition": definition })).await,
            "not_found", None);
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        assert_eq!(world.owner.get("/v1/forms").await.json()["items"].as_array().unwrap().len(), 1);
    }

    async fn segments_count_and_show_people(t: Fixture) {
        let world = World::new(t).await;
        let contact = world.contact("sara@example.com").await;
        world.made("/v1/contacts", json!({ "email": "omar@example.com", "country": "JO", "tags": ["vip"] })).await;
        let germans = json!({ "field": "country", "op": "is", "value": "DE" });
        let count = world.owner.post("/v1/segments/count", &json!({ "where": germans })).await.json();
        assert_eq!(count["count"], 1);
        assert!(count["micros"].is_u64());
        assert_eq!(world.owner.post("/v1/segments/count", &json!({ "where": {} })).await.json()["count"], 2);
        let sample = world.owner.post("/v1/segments/sample", &json!({ "where": germans })).await.json();
        assert_eq!((&sample["total"], &sample["contacts"][0]["id"]), (&json!(1), &json!(contact)));
        let analyst = world.role(accounts::members::Role::Analyst).await;
        assert_eq!(analyst.post("/v1/segments/count", &json!({ "where": germans })).await.status.as_u16(), 200);
        refused(&analyst.post("/v1/segments/sample", &json!({ "where": germans })).await, "forbidden", None);

        let answer = world.owner.post("/v1/segments", &json!({ "name": "Germans", "where": germans })).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            201 {
              "created_at": "2026-11-21T09:00:00Z",
              "deleted_at": null,
              "id": "seg_…",
              "name": "Germans",
              "updated_at": "2026-11-21T09:00:00Z",
              "version": 1,
              "where": {
                "field": "country",
                "op": "is",
                "value": "DE"
              }
            }
        "#));
        let path = format!("/v1/segments/{}", answer.json()["id"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "name": "DE", "version": 1 })).await.json()["version"], 2);
        refused(&world.owner.patch(&path, &json!({ "name": "DE", "version": 1 })).await, "version_conflict", None);
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.get(&path).await, "not_found", None);
        for (wrong, at) in [
            (json!({ "field": "country", "op": "like", "value": "D" }), "where.op"),
            (json!({ "and": [{ "field": "colour", "op": "is", "value": "x" }] }), "where.and[0].field"),
            (json!([]), "where"),
        ] {
            refused(&world.owner.post("/v1/segments/count", &json!({ "where": wrong })).await, "invalid_input", Some(at));
        }
        let words = world.owner.get("/v1/segments/fields").await.json();
        assert_eq!(words["tags"][0]["name"], "vip");
        let events = words["events"].as_array().unwrap();
        assert!(events.iter().any(|event| event["code"] == "opened" && event["label_en"] == "opened a message"));
    }
}
