//! Content, templates and campaigns.

use serde_json::json;
use testkit::Fixture;

use super::world::{HTML, OWNER, World, refused, shown};

testkit::each_engine! {
    async fn a_campaign_is_drafted_and_changed(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let path = format!("/v1/campaigns/{}", world.campaign("news").await);
        let whole = shown(&world.owner.get(&path).await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "channel": "email",
              "content": {
                "body": {
                  "html": "<html><body><p>Hello {{ first_name | fallback: \"friend\" }}</p><p>{{ postal_address }}</p><p><a href=\"https://example.org/a\">Read</a> <a href=\"{{ unsubscribe_url }}\">Leave</a></p></body></html>"
                },
                "language": "en",
                "subject": "Hello"
              },
              "counts": {
                "bounced": 0,
                "bounced_by_class": {},
                "cancelled": 0,
                "denied": 0,
                "denied_by_reason": {},
                "failed": 0,
                "failed_by_class": {},
                "in_doubt": 0,
                "queued": 0,
                "sending": 0,
                "sent": 0
              },
              "created_at": "2026-11-21T09:00:00Z",
              "criteria": null,
              "deleted_at": null,
              "ends_at": null,
              "finished_at": null,
              "from_email": "news@example.org",
              "from_name": "Nur",
              "halted_by": null,
              "id": "cmp_…",
              "kind": "campaign",
              "name": "Spring",
              "prospecting": null,
              "purpose": "marketing",
              "reason": null,
              "reply_to": null,
              "revision": 1,
              "scheduled_at": null,
              "segment": null,
              "sms": null,
              "started_at": null,
              "state": "draft",
              "subject": "Hello",
              "tested_at": null,
              "topic": "top_…",
              "track": true,
              "updated_at": "2026-11-21T09:00:00Z",
              "updated_by": "key_…",
              "updated_by_name": null,
              "variants": {},
              "version": 1
            }
        "#));
        let change = json!({ "subject": "Hello again", "from": "news@example.org", "preheader": "Soon", "topic": topic,
            "variants": { "ar": { "subject": "مرحبا", "html": HTML } } });
        let changed = world.owner.patch(&path, &change).await.json();
        assert_eq!((&changed["content"]["subject"], &changed["from_name"]), (&json!("Hello again"), &json!("")));
        assert_eq!(changed["variants"]["ar"]["subject"], "مرحبا");
        refused(&world.owner.patch(&path, &json!({ "name": "X", "version": 1 })).await, "version_conflict", None);
        let listed = world.owner.get("/v1/campaigns").await.json();
        assert_eq!(listed["items"][0]["counts"]["sent"], 0);
        assert!(listed["items"][0].get("content").is_none());
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.get(&path).await, "not_found", None);
    }

    async fn mistakes_are_told_with_their_place(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let with = |field: &str, value: serde_json::Value| {
            let mut body = json!({ "name": "C", "from": "Nur <n@example.org>", "subject": "S", "html": HTML, "topic": "News" });
            body[field] = value;
            body
        };
        let answer = world.owner.post("/v1/campaigns", &with("subject", json!("Hi {{ colour }}"))).await;
        refused(&answer, "template_invalid", Some("subject:1:4"));
        for (field, value, at) in [
            ("from", json!("nobody"), "from"),
            ("name", json!(""), "name"),
            ("mjml", json!("<mjml></mjml>"), "html"),
            ("purpose", json!("fun and games"), "purpose"),
            ("language", json!("no language at all"), "language"),
            ("colour", json!("red"), "colour"),
        ] {
            refused(&world.owner.post("/v1/campaigns", &with(field, value)).await, "invalid_input", Some(at));
        }
        refused(&world.owner.post("/v1/campaigns", &with("topic", json!("Sports"))).await, "not_found", None);
        let mut body = with("name", json!("C"));
        body.as_object_mut().unwrap().remove("from");
        refused(&world.owner.post("/v1/campaigns", &body).await, "invalid_input", Some("from"));
        world.owner.patch("/v1/workspace", &json!({ "settings": { "default_sender": "Nur <n@example.org>" } })).await;
        assert_eq!(world.owner.post("/v1/campaigns", &body).await.status.as_u16(), 201);
    }

    async fn pre_flight_says_who_would_get_it(t: Fixture) {
        let world = World::new(t).await;
        world.made("/v1/topics", json!({ "name": "News", "double_opt_in": false })).await;
        let path = format!("/v1/campaigns/{}", world.campaign("News").await);
        world.made("/v1/subscribe", json!({ "topic": "News", "contact": { "email": "sara@example.com" } })).await;
        let report = world.owner.post(&format!("{path}/preflight"), &json!({})).await;
        assert_eq!(report.status.as_u16(), 200, "{}", report.text());
        assert_eq!(report.json()["selected"], 1);
        let numbers = world.owner.get(&format!("{path}/report")).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&numbers), @r#"
            200 {
              "bounced": 0,
              "bounced_by_class": {},
              "cancelled": 0,
              "clicks": {
                "human": 0,
                "machine": 0,
                "probable_machine": 0,
                "unique_human": 0
              },
              "complained": 0,
              "delivered": 0,
              "denied": 0,
              "denied_by_reason": {},
              "failed": 0,
              "failed_by_class": {},
              "funnel": [
                {
                  "people": 0,
                  "step": "selected"
                },
                {
                  "people": 0,
                  "step": "denied"
                },
                {
                  "people": 0,
                  "step": "sent"
                },
                {
                  "people": 0,
                  "step": "delivered"
                },
                {
                  "people": 0,
                  "step": "opened"
                },
                {
                  "people": 0,
                  "step": "clicked"
                },
                {
                  "people": 0,
                  "step": "unsubscribed"
                },
                {
                  "people": 0,
                  "step": "complained"
                }
              ],
              "id": "cmp_…",
              "in_doubt": 0,
              "links": [],
              "notes": [
                {
                  "code": "opens_are_a_lower_bound"
                }
              ],
              "opens": {
                "human": 0,
                "machine": 0,
                "probable_machine": 0,
                "unique_human": 0
              },
              "queued": 0,
              "selected": 0,
              "sending": 0,
              "sent": 0,
              "series": [],
              "sms": null,
              "state": "draft",
              "track": true,
              "unsubscribed": 0
            }
        "#));
        assert_eq!(world.owner.get(&format!("{path}/deliveries")).await.json(), json!({ "items": [], "next": null }));
        for (action, body) in [("pause", json!({})), ("resume", json!({})), ("cancel", json!({}))] {
            refused(&world.owner.post(&format!("{path}/{action}"), &body).await, "conflict", None);
        }
        refused(&world.owner.post(&format!("{path}/send"), &json!({ "grace_seconds": 900_000 })).await,
            "invalid_input", Some("grace_seconds"));
        refused(&world.owner.post(&format!("{path}/schedule"), &json!({ "at": "2020-01-01T00:00:00Z" })).await,
            "invalid_input", Some("at"));
        refused(&world.owner.post(&format!("{path}/schedule"), &json!({ "at": "soon" })).await, "invalid_input", Some("at"));
        refused(&world.owner.post(&format!("{path}/test"), &json!({ "to": ["stranger@example.com"] })).await,
            "invalid_input", Some("to"));
        let author = world.role(accounts::members::Role::Author).await;
        refused(&author.post(&format!("{path}/send"), &json!({})).await, "forbidden", None);
        assert_ne!(author.post(&format!("{path}/test"), &json!({ "to": [OWNER] })).await.code().as_deref(), Some("forbidden"));
    }

    async fn a_campaign_is_sent_and_reported(t: Fixture) {
        let world = World::new(t).await;
        let file = "email,country,consent time,confirmed at\nsara@example.com,DE,2026-01-02T10:00:00Z,2026-01-02T10:05:00Z\n";
        let query = "topic=News&basis=consent_doi&source=site&collected_on=2026-01-02";
        world.owner.send(axum::http::Method::POST, &format!("/v1/imports?{query}"), file).await;
        world.work().await;
        let path = format!("/v1/campaigns/{}", world.campaign("News").await);
        let flight = world.owner.post(&format!("{path}/preflight"), &json!({})).await.json();
        assert_eq!((&flight["selected"], &flight["allowed"], &flight["denied"]), (&json!(1), &json!(1), &json!({})), "{flight}");
        let sending = world.owner.post(&format!("{path}/send"), &json!({})).await;
        assert_eq!(sending.status.as_u16(), 202, "{}", sending.text());
        refused(&world.owner.patch(&path, &json!({ "name": "X" })).await, "conflict", None);
        refused(&world.owner.delete(&path).await, "conflict", None);
        world.work().await;
        let read = world.owner.get(&path).await.json();
        assert_eq!((&read["state"], &read["counts"]["sent"]), (&json!("sent"), &json!(1)), "{read}");
        let whole = shown(&world.owner.get(&format!("{path}/deliveries")).await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "items": [
                {
                  "attempts": 1,
                  "basis": "consent",
                  "contact": "con_…",
                  "created_at": "2026-11-21T09:00:00Z",
                  "id": "msg_…",
                  "reason": null,
                  "rule": "3",
                  "sent_at": "2026-11-21T09:00:00Z",
                  "state": "sent",
                  "status": "2.0.0"
                }
              ],
              "next": null
            }
        "#));
        let report = world.owner.get(&format!("{path}/report")).await.json();
        assert_eq!((&report["sent"], &report["delivered"]), (&json!(1), &json!(1)));
        let sara = world.owner.post("/v1/contacts/lookup", &json!({ "email": "sara@example.com" })).await.json();
        let answer = world.owner.get(&format!("/v1/contacts/{}/answer", sara["id"].as_str().unwrap())).await.json();
        let tables: Vec<_> = answer["sections"].as_array().unwrap().iter().map(|section| section["table"].as_str().unwrap()).collect();
        assert!(tables.contains(&"delivery"), "every message with its basis: {tables:?}");
    }

    async fn content_is_checked_and_shown_without_being_kept(t: Fixture) {
        let world = World::new(t).await;
        let content = json!({ "subject": "Hello {{ first_name | fallback: \"you\" }}", "html": HTML, "language": "en" });
        let whole = shown(&world.owner.post("/v1/content/check", &content).await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "elements": {
                "notice_processing": {
                  "html": false,
                  "text": false
                },
                "notice_reason": {
                  "html": false,
                  "text": false
                },
                "notice_rights": {
                  "html": false,
                  "text": false
                },
                "postal_address": {
                  "html": true,
                  "text": true
                },
                "unsubscribe_link": {
                  "html": true,
                  "text": true
                }
              },
              "fields": [
                "first_name"
              ],
              "findings": [],
              "links": [
                {
                  "block": null,
                  "dynamic": false,
                  "number": 0,
                  "url": "https://example.org/a"
                }
              ],
              "missing": [],
              "ok": true,
              "problems": [],
              "sendable": true,
              "tags": [],
              "warnings": []
            }
        "#));
        let broken = json!({ "subject": "Hello {{ nonsense }}", "html": "<p>{% if %}</p>" });
        let checked = world.owner.post("/v1/content/check", &broken).await.json();
        assert_eq!((&checked["ok"], &checked["problems"][0]["line"]), (&json!(false), &json!(1)));
        let contact = world.contact("sara@example.com").await;
        let preview = json!({ "content": content, "contact": contact });
        let seen = world.owner.post("/v1/content/preview", &preview).await.json();
        assert_eq!(seen["subject"], "Hello Sara");
        assert!(seen["text"].as_str().unwrap().contains("1 Palm Street"), "{seen}");
        let preview = json!({ "content": content, "values": { "first_name": "<Omar>" } });
        let seen = world.owner.post("/v1/content/preview", &preview).await.json();
        assert!(seen["html"].as_str().unwrap().contains("&lt;Omar&gt;"), "{seen}");
        let seen = world.owner.post("/v1/content/preview", &json!({ "content": broken })).await.json();
        assert_eq!((&seen["ok"], &seen["html"], &seen["findings"][0]["part"]), (&json!(false), &json!(""), &json!("html")));
        refused(&world.owner.post("/v1/content/check", &json!({ "subject": "x" })).await, "invalid_input", Some("html"));
    }

    async fn designs_are_kept(t: Fixture) {
        let world = World::new(t).await;
        let content = json!({ "subject": "Hello", "mjml": "<mjml><mj-body></mj-body></mjml>", "language": "ar" });
        let answer = world.owner.post("/v1/templates", &json!({ "name": "Base", "content": content })).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            201 {
              "created_at": "2026-11-21T09:00:00Z",
              "id": "tpl_…",
              "name": "Base",
              "revision": 1,
              "source": {
                "default": {
                  "body": {
                    "mjml": "<mjml><mj-body></mj-body></mjml>"
                  },
                  "language": "ar",
                  "subject": "Hello"
                }
              },
              "updated_at": "2026-11-21T09:00:00Z",
              "updated_by": "key_…"
            }
        "#));
        let path = format!("/v1/templates/{}", answer.json()["id"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "name": "Frame", "revision": 1 })).await.json()["revision"], 2);
        refused(&world.owner.patch(&path, &json!({ "name": "Frame", "revision": 1 })).await, "changed_meanwhile", None);
        refused(&world.owner.patch(&path, &json!({ "name": "" })).await, "invalid_input", Some("name"));
        assert_eq!(world.owner.get("/v1/templates").await.json()["items"][0]["name"], "Frame");
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.get(&path).await, "not_found", None);
    }
}
