//! Campaigns as the web app works with them: two people at one draft, copies, the bin, lists, the checklist.

use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{HTML, OWNER, World, refused};

fn item<'a>(checklist: &'a Json, code: &str) -> &'a Json {
    let found = checklist["items"].as_array().unwrap().iter().find(|item| item["code"] == code);
    found.unwrap_or_else(|| panic!("{code} is not in {checklist}"))
}

fn names(list: &Json) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

testkit::each_engine! {
    async fn two_at_one_draft_are_shown_each_others_changes(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let path = format!("/v1/campaigns/{}", world.campaign(&topic).await);
        let browser = world.browser().await;
        assert_eq!(browser.get(&path).await.json()["revision"], 1);
        let mine = browser.patch(&path, &json!({ "name": "Mine", "revision": 1 })).await;
        assert_eq!((mine.status.as_u16(), mine.json()["revision"].as_i64()), (200, Some(2)), "{}", mine.text());
        let theirs = browser.patch(&path, &json!({ "name": "Theirs", "revision": 1 })).await;
        assert_eq!((theirs.status.as_u16(), theirs.header("content-type")), (409, "application/problem+json"));
        let problem = theirs.json();
        assert_eq!((problem["code"].as_str(), problem["revision"].as_i64()), (Some("changed_meanwhile"), Some(2)));
        assert_eq!((problem["current"]["name"].as_str(), problem["changed_by_name"].as_str()), (Some("Mine"), Some("Lina")));
        assert!(problem["changed_at"].is_string() && problem["changed_by"].as_str().unwrap().starts_with("usr_"));
        refused(&browser.patch(&path, &json!({ "name": "Old way", "version": 1 })).await, "version_conflict", None);
        assert_eq!(browser.patch(&path, &json!({ "name": "Last wins" })).await.status.as_u16(), 200);

        let content = json!({ "subject": "Hello", "html": HTML, "language": "en" });
        let made = world.made("/v1/templates", json!({ "name": "T", "content": content })).await;
        let path = format!("/v1/templates/{}", made["id"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "name": "A", "revision": 1 })).await.json()["revision"], 2);
        let late = world.owner.patch(&path, &json!({ "name": "B", "revision": 1 })).await.json();
        assert_eq!((late["code"].as_str(), late["current"]["name"].as_str()), (Some("changed_meanwhile"), Some("A")));
        assert!(late["changed_by"].as_str().unwrap().starts_with("key_"));
    }

    async fn what_is_deleted_waits_in_the_bin_for_thirty_days(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let campaign = world.campaign(&topic).await;
        let content = json!({ "subject": "Hello", "html": HTML, "language": "en" });
        let template = world.made("/v1/templates", json!({ "name": "T", "content": content })).await;
        let segment = world.made("/v1/segments", json!({ "name": "All", "where": {} })).await;
        let things = [("campaigns", campaign.as_str()), ("templates", template["id"].as_str().unwrap()), ("segments", segment["id"].as_str().unwrap())];
        for (kind, id) in things {
            let (list, path) = (format!("/v1/{kind}"), format!("/v1/{kind}/{id}"));
            assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204, "{kind}");
            refused(&world.owner.get(&path).await, "not_found", None);
            assert_eq!(world.owner.get(&list).await.json()["items"], json!([]), "{kind}");
            let bin = world.owner.get(&format!("{list}?bin=true")).await.json();
            assert_eq!(bin["items"][0]["id"], id);
            let instant = |name: &str| bin["items"][0][name].as_str().unwrap().parse::<kernel::Timestamp>().unwrap();
            assert_eq!(instant("ends_at"), instant("deleted_at").plus_seconds(30 * 86_400), "{kind}");
            let back = world.owner.post(&format!("{path}/restore"), &Json::Null).await;
            assert_eq!((back.status.as_u16(), back.json()["id"].as_str()), (200, Some(id)), "{}", back.text());
            assert_eq!(world.owner.get(&format!("{list}?bin=true")).await.json()["items"], json!([]), "{kind}");
            refused(&world.owner.post(&format!("{path}/restore"), &Json::Null).await, "not_found", None);
            assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204, "{kind}");
        }
        refused(&world.owner.post(&format!("/v1/campaigns/{campaign}/send"), &json!({})).await, "not_found", None);
        let bins = async || {
            let mut out = Vec::new();
            for (kind, _) in things {
                out.push(world.owner.get(&format!("/v1/{kind}?bin=true")).await.json()["items"].as_array().unwrap().len());
            }
            out
        };
        world.t.clock.advance(29 * 86_400);
        api::housekeeping::of_workspace(&world.ctx()).await;
        assert_eq!(bins().await, [1, 1, 1]);
        world.t.clock.advance(86_400 + 3600);
        api::housekeeping::of_workspace(&world.ctx()).await;
        assert_eq!(bins().await, [0, 0, 0]);
    }

    async fn lists_are_filtered_searched_and_ordered(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let mut ids = Vec::new();
        for name in ["Bravo", "نشرة الأخبار", "Alpha"] {
            let body = json!({ "name": name, "from": "Nur <news@example.org>", "subject": "Hello", "html": HTML, "topic": topic, "language": "en" });
            ids.push(world.made("/v1/campaigns", body).await["id"].as_str().unwrap().to_owned());
            world.t.clock.advance(60);
        }
        let get = async |query: &str| world.owner.get(&format!("/v1/campaigns?{query}")).await.json();
        assert_eq!(names(&get("").await), ["Alpha", "نشرة الأخبار", "Bravo"]);
        assert_eq!(names(&get("sort=name").await), ["Alpha", "Bravo", "نشرة الأخبار"]);
        assert_eq!(names(&get("q=%D8%A7%D9%84%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1").await), ["نشرة الأخبار"]);
        assert_eq!(names(&get("q=hello&limit=2").await).len(), 2);
        let page = get("sort=name&limit=2").await;
        let next = page["next"].as_str().unwrap();
        let last = get(&format!("sort=name&limit=2&cursor={next}")).await;
        assert_eq!((names(&last), last["next"].clone()), (vec!["نشرة الأخبار"], Json::Null));
        assert_eq!(page["items"][0]["subject"], "Hello");
        assert!(page["items"][0].get("content").is_none());
        let at = world.t.core.now().plus_seconds(86_400);
        let scheduled = world.owner.post(&format!("/v1/campaigns/{}/schedule", ids[0]), &json!({ "at": at })).await;
        assert_eq!(scheduled.status.as_u16(), 202, "{}", scheduled.text());
        assert_eq!(names(&get("state=scheduled").await), ["Bravo"]);
        assert_eq!(names(&get("state=draft,sent&sort=created").await), ["نشرة الأخبار", "Alpha"]);
        assert_eq!(names(&get(&format!("from={at}")).await), ["Bravo"]);
        assert_eq!(names(&get(&format!("to={at}")).await), Vec::<&str>::new());
        refused(&world.owner.get("/v1/campaigns?state=flying").await, "invalid_input", Some("state"));
        refused(&world.owner.get("/v1/campaigns?sort=size").await, "invalid_input", Some("sort"));
        let copy = world.owner.post(&format!("/v1/campaigns/{}/duplicate", ids[0]), &json!({})).await;
        assert_eq!((copy.status.as_u16(), copy.json()["name"].as_str(), copy.json()["state"].as_str()), (201, Some("Bravo (2)"), Some("draft")));
        let named = world.owner.post(&format!("/v1/campaigns/{}/duplicate", ids[0]), &json!({ "name": "Charlie" })).await;
        assert_eq!(named.json()["name"], "Charlie");
    }

    async fn the_checklist_finds_what_is_wrong(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let html = "<html><body><p>السلام عليكم ورحمة الله وبركاته {{ first_name | fallback: \"صديقنا\" }}</p><img src=\"https://a.example/x.png\">\
            <a href=\"http://example.org/plain\">x</a><a href=\"\">y</a><p>{{ postal_address }}</p>\
            <a href=\"{{ unsubscribe_url }}\">Leave</a></body></html>";
        let body = json!({ "name": "Spring", "from": "Nur <noreply@gmail.com>", "subject": "GREAT OFFER TODAY!!", "html": html,
            "topic": topic, "language": "en" });
        let id = world.made("/v1/campaigns", body).await["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/campaigns/{id}/checklist");
        let list = world.owner.get(&path).await.json();
        assert_eq!(list["ready"], false);
        for (code, level, fix) in [
            ("audience_empty", "blocking", "audience"), ("sending_mode", "blocking", "domain"), ("sender_free_mail", "warning", "sender"),
            ("reply_to", "warning", "sender"), ("subject_shouting", "warning", "subject"), ("preheader", "warning", "subject"),
            ("merge_fallbacks", "ok", "content"), ("links_https", "warning", "content"), ("links_empty", "warning", "content"),
            ("images_alt", "warning", "content"), ("language_direction", "warning", "content"), ("size", "ok", "content"),
            ("unsubscribe_link", "ok", "content"), ("postal_address", "ok", "content"), ("tested", "warning", "schedule"),
            ("sender_domain", "ok", "domain"), ("plain_text", "ok", "content"),
        ] {
            let found = item(&list, code);
            assert_eq!((found["level"].as_str(), found["fix"].as_str()), (Some(level), Some(fix)), "{found}");
        }
        assert_eq!(item(&list, "links_https")["values"]["first"], "http://example.org/plain");
        // With people, some of whom may not be written to.
        for (n, email) in ["a@example.com", "b@example.com", "c@example.com"].iter().enumerate() {
            let contact = json!({ "email": email, "country": "DE", "language": if n == 0 { "ar" } else { "en" } });
            let made = world.made("/v1/contacts", contact).await;
            let contact = made["id"].as_str().unwrap();
            if n < 2 {
                let basis = json!({ "basis": "consent_doi", "purpose": "marketing", "channel": "email", "at": "2026-11-01T00:00:00Z",
                    "confirmed_at": "2026-11-01T00:05:00Z", "source": "desk" });
                let stated = world.owner.post(&format!("/v1/contacts/{contact}/basis"), &basis).await;
                assert!(stated.status.as_u16() < 500, "{}", stated.text());
            }
            let joined = world.owner.post("/v1/subscribe", &json!({ "topic": topic, "contact": { "email": email } })).await;
            assert!(joined.status.as_u16() < 500, "{}", joined.text());
        }
        let change = json!({ "subject": "News from Nur", "from": "Nur <news@example.org>", "html": HTML, "preheader": "Read this" });
        assert_eq!(world.owner.patch(&format!("/v1/campaigns/{id}"), &change).await.status.as_u16(), 200);
        world.owner.post(&format!("/v1/campaigns/{id}/test"), &json!({ "to": [OWNER] })).await;
        let list = world.owner.get(&path).await.json();
        for code in ["reply_to", "preheader", "merge_fallbacks", "links_https", "images_alt", "language_direction", "tested"] {
            assert_eq!(item(&list, code)["level"], "ok", "{code}: {list}");
        }
        // Changed after the test.
        world.owner.patch(&format!("/v1/campaigns/{id}"), &json!({ "name": "Spring again" })).await;
        let list = world.owner.get(&path).await.json();
        assert_eq!(item(&list, "tested")["level"], "warning");
        assert!(item(&list, "tested")["values"]["tested_at"].is_string());
        // The segment goes into the bin.
        let segment = world.made("/v1/segments", json!({ "name": "All", "where": {} })).await;
        world.owner.patch(&format!("/v1/campaigns/{id}"), &json!({ "segment": segment["id"] })).await;
        world.owner.delete(&format!("/v1/segments/{}", segment["id"].as_str().unwrap())).await;
        let list = world.owner.get(&path).await.json();
        assert_eq!(item(&list, "segment_missing")["level"], "blocking");
    }
}
