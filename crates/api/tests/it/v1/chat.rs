//! The live chat, from the visitor's page and from the inbox, through the real router.

use axum::http::Method;
use http_server::testing::{Answer, TestClient};
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::World;

const SHOP: &str = "https://shop.example";

/// A visitor's page.
struct Page {
    client: TestClient,
    widget: String,
}

impl Page {
    async fn post(&self, what: &str, body: &Json) -> Answer {
        self.client.post(&format!("/w/chat/{}/{what}", self.widget), body).await
    }

    async fn get(&self, what: &str) -> Answer {
        self.client.get(&format!("/w/chat/{}/{what}", self.widget)).await
    }

    async fn says(&self, client: &str, text: &str) -> Answer {
        self.post("messages", &json!({ "client_id": client, "text": text })).await
    }

    async fn events(&self, after: i64) -> Vec<Json> {
        let answer = self.get(&format!("events?after={after}")).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        answer.json()["events"].as_array().unwrap().clone()
    }
}

async fn page(world: &World, widget: &str) -> (Page, Json) {
    let client = world.anonymous().with("origin", SHOP);
    let opened = client.post(&format!("/w/chat/{widget}/session"), &json!({ "lang": "ar" })).await;
    assert!(opened.status.is_success(), "{}", opened.text());
    let opened = opened.json();
    let client = world.anonymous().with("origin", SHOP).bearer(opened["token"].as_str().unwrap());
    (Page { client, widget: widget.to_owned() }, opened)
}

/// Somebody begins to chat over a widget of any origin; answers the visitor and the conversation.
pub async fn begin(world: &World, widget: &str, text: &str) -> Json {
    let path = |what: &str| format!("/w/chat/{widget}/{what}");
    let opened = world.anonymous().post(&path("session"), &json!({})).await.json();
    let client = world.anonymous().bearer(opened["token"].as_str().unwrap());
    let begun = client.post(&path("start"), &json!({ "client_id": "s", "text": text })).await;
    assert!(begun.status.is_success(), "{}", begun.text());
    json!({ "visitor": opened["visitor"], "conversation": begun.json()["conversation"] })
}

async fn widget(world: &World, settings: Json) -> String {
    let made = world.made("/v1/widgets", json!({ "name": "Shop", "settings": settings })).await;
    made["id"].as_str().unwrap().to_owned()
}

async fn shop(world: &World) -> String {
    widget(world, json!({ "origins": [SHOP] })).await
}

testkit::each_engine! {
    async fn nothing_is_kept_before_somebody_begins(t: Fixture) {
        let world = World::new(t).await;
        let (page, opened) = page(&world, &shop(&world).await).await;
        assert_eq!((opened["started"].as_bool(), &opened["conversation"]), (Some(false), &Json::Null));
        assert_eq!(world.owner.get("/v1/visitors").await.json()["items"], json!([]));
        assert_eq!(page.says("m", "hello").await.code().as_deref(), Some("conflict"));
        let config = page.get("config?lang=ar").await.json();
        assert_eq!((config["lang"].as_str(), config["dir"].as_str()), (Some("ar"), Some("rtl")));
        assert_eq!(config["features"]["sneak_peek"], false);
        assert!(!config["words"].as_object().unwrap().is_empty());
    }

    async fn both_sides_talk_and_whispers_stay_inside(t: Fixture) {
        let world = World::new(t).await;
        let (page, _) = page(&world, &shop(&world).await).await;
        let begun = page.post("start", &json!({ "client_id": "s", "text": "مرحبا" })).await.json();
        let id = begun["conversation"]["id"].as_str().unwrap().to_owned();
        let first = page.says("m1", "one").await.json();
        let again = page.says("m1", "one").await.json();
        assert_eq!((first["repeated"].as_bool(), again["repeated"].as_bool()), (Some(false), Some(true)));
        assert_eq!(first["event"]["seq"], again["event"]["seq"]);
        let said = |kind: &str, text: &str| json!({ "kind": kind, "text": text, "client_id": format!("{kind}-1") });
        let path = format!("/v1/conversations/{id}/events");
        world.made(&path, said("note", "a whisper")).await;
        world.made(&path, said("message", "good morning")).await;
        let seen = page.events(0).await;
        let text = json!(seen).to_string();
        assert!(text.contains("good morning") && !text.contains("whisper"), "{text}");
        let answer = seen.iter().find(|event| event["text"] == "good morning").unwrap();
        assert_eq!((answer["author"]["kind"].as_str(), answer["author"]["me"].as_bool()), (Some("agent"), Some(false)));
        assert!(answer["client_id"].is_null(), "a member's own id is the member's");
        let inside = world.owner.get(&path).await.json();
        assert!(inside["items"].as_array().unwrap().iter().any(|event| event["visibility"] == "agents"));
        let list = world.owner.get("/v1/conversations?view=all").await.json();
        assert_eq!(list["items"][0]["preview"]["text"], "good morning");
        let full = world.owner.get(&format!("/v1/conversations/{id}")).await.json();
        assert_eq!(full["threads"].as_array().unwrap().len(), 1);
        for format in ["text", "csv", "json"] {
            let file = world.owner.get(&format!("/v1/conversations/{id}/transcript?format={format}")).await;
            assert!(file.text().contains("مرحبا"), "{format}");
        }
        let found = world.owner.get("/v1/conversations/search?q=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7").await.json();
        assert_eq!((found["items"][0]["conversation"]["id"].as_str(), found["complete"].as_bool()), (Some(id.as_str()), Some(true)));
        assert!(world.owner.get("/v1/conversations/export?format=csv").await.text().contains("good morning"));
    }

    async fn other_sites_other_tokens_and_forged_names_are_refused(t: Fixture) {
        let world = World::new(t).await;
        let shop = shop(&world).await;
        let elsewhere = world.anonymous().with("origin", "https://evil.example");
        let refused = elsewhere.post(&format!("/w/chat/{shop}/session"), &json!({})).await;
        assert_eq!(refused.code().as_deref(), Some("forbidden"));
        assert!(refused.header("access-control-allow-origin").is_empty());
        let own = world.anonymous().with("origin", SHOP);
        let preflight = own.clone().send(Method::OPTIONS, &format!("/w/chat/{shop}/messages"), "").await;
        assert_eq!(preflight.header("access-control-allow-origin"), SHOP);
        // A token of one widget opens nothing at another one, and a changed one nothing at all.
        let (first, opened) = page(&world, &shop).await;
        let other = widget(&world, json!({ "origins": [SHOP] })).await;
        let strayed = Page { client: first.client.clone(), widget: other };
        assert_eq!(strayed.get("events").await.code().as_deref(), Some("unauthenticated"));
        let mut token = opened["token"].as_str().unwrap().to_owned();
        token.replace_range(40..41, if &token[40..41] == "A" { "B" } else { "A" });
        let forged = Page { client: own.clone().bearer(&token), widget: shop.clone() };
        assert_eq!(forged.get("events").await.code().as_deref(), Some("unauthenticated"));
        // A name needs the site's server.
        let secret = world.owner.post(&format!("/v1/widgets/{shop}/secret"), &json!({})).await.json();
        assert!(secret["secret"].as_str().unwrap().len() > 30);
        let claim = |hash: &str| json!({ "identity": { "id": "user-7", "email": "sara@example.com", "hash": hash } });
        let answer = own.post(&format!("/w/chat/{shop}/session"), &claim("00")).await;
        assert_eq!(answer.code().as_deref(), Some("forbidden"));
        let ctx = world.ctx();
        let kept = conversations::widgets::get(&ctx, shop.parse().unwrap()).await.unwrap();
        let hash = conversations::widgets::name_of(&ctx, &kept, "user-7", Some("sara@example.com")).await.unwrap();
        let named = own.post(&format!("/w/chat/{shop}/session"), &claim(&hash)).await.json();
        let again = own.post(&format!("/w/chat/{shop}/session"), &claim(&hash)).await.json();
        assert_eq!(named["visitor"], again["visitor"], "the same person on another device");
    }

    async fn what_is_too_much_or_no_text_is_refused(t: Fixture) {
        let world = World::new(t).await;
        let (page, _) = page(&world, &shop(&world).await).await;
        page.post("start", &json!({ "client_id": "s", "text": "hello" })).await;
        for text in ["", "a\u{0}b", &"x".repeat(16 * 1024 + 1)] {
            assert_eq!(page.says("w", text).await.code().as_deref(), Some("invalid_input"));
        }
        assert_eq!(page.says("w", &"x".repeat(70_000)).await.code().as_deref(), Some("payload_too_large"));
        assert_eq!(page.post("messages", &json!({ "text": "no id" })).await.status.as_u16() / 100, 4);
        assert_eq!(page.post("peek", &json!({ "text": "unsent" })).await.code().as_deref(), Some("conflict"));
        let pages = json!({ "url": "https://shop.example/x", "title": "X" });
        assert_eq!(page.post("page", &pages).await.code().as_deref(), Some("conflict"), "only with leave");
        assert_eq!(page.says("html", "<b>bold</b> \u{202e}x").await.json()["event"]["text"], "<b>bold</b> \u{202e}x");
        let mut limited = false;
        for n in 0..40 {
            limited |= page.says(&format!("f{n}"), "flood").await.code().as_deref() == Some("rate_limited");
        }
        assert!(limited);
    }

    async fn what_is_looked_at_is_shown_only_with_leave(t: Fixture) {
        let world = World::new(t).await;
        let (page, _) = page(&world, &shop(&world).await).await;
        let at = json!({ "url": "https://shop.example/prices?secret=1#x", "title": "Prices" });
        page.post("start", &json!({ "client_id": "s", "text": "hi", "page": at })).await;
        let shown = world.owner.get("/v1/visitors").await.json()["items"][0].clone();
        assert_eq!((&shown["page"], shown["consented"].as_bool()), (&Json::Null, Some(false)));
        page.post("consent", &json!({ "tracking": true })).await;
        assert_eq!(page.post("page", &at).await.status.as_u16(), 204);
        let shown = world.owner.get("/v1/visitors").await.json()["items"][0].clone();
        assert_eq!(shown["page"]["url"], "https://shop.example/prices");
        page.post("consent", &json!({ "tracking": false })).await;
        let shown = world.owner.get("/v1/visitors").await.json()["items"][0].clone();
        assert_eq!(shown["page"], Json::Null);
    }

    async fn the_words_that_the_page_showed_reach_the_ledger(t: Fixture) {
        let world = World::new(t).await;
        let shop = shop(&world).await;
        let (first, opened) = page(&world, &shop).await;
        let words = "May we see which pages you look at?";
        let start = json!({ "client_id": "s", "text": "hi", "tracking": true, "wording": words });
        assert!(first.post("start", &start).await.status.is_success());
        // Somebody else turns it on later, in the menu.
        let (later, other) = page(&world, &shop).await;
        later.post("start", &json!({ "client_id": "s", "text": "hi" })).await;
        assert_eq!(later.post("consent", &json!({ "tracking": true, "wording": words })).await.status.as_u16(), 204);
        let ctx = world.ctx();
        for visitor in [&opened["visitor"], &other["visitor"]] {
            let visitor: kernel::VisitorId = visitor.as_str().unwrap().parse().unwrap();
            let subject = kernel::ContactId(visitor.0);
            let (keys, own) = (ctx.keys().await.unwrap(), ctx.vault.subject(ctx.workspace, subject).await.unwrap());
            let stated = privacy::ledger::open(&ctx, &keys, subject, &own).await.unwrap();
            let asked = stated.iter().find(|one| one.header["purpose"] == "engagement_tracking").unwrap();
            assert_eq!(asked.payload.as_ref().unwrap()["wording"], words);
        }
    }

    async fn a_country_is_known_only_with_leave(t: Fixture) {
        let world = World::new(t).await;
        let widget = shop(&world).await;
        let begin = |client: &'static str, zone: &'static str, tracking: bool| {
            json!({ "client_id": client, "text": "hi", "tracking": tracking, "zone": zone })
        };
        let (page_one, _) = page(&world, &widget).await;
        page_one.post("start", &begin("a", "Asia/Riyadh", false)).await;
        let shown = world.owner.get("/v1/visitors").await.json()["items"][0].clone();
        assert_eq!(shown["country"], Json::Null);
        page_one.post("consent", &json!({ "tracking": true, "zone": "Asia/Riyadh" })).await;
        let shown = world.owner.get("/v1/visitors").await.json()["items"][0].clone();
        assert_eq!(shown["country"], "SA");

        let offices = world.made("/v1/groups", json!({ "name": "Cairo" })).await;
        let rules = json!({ "rules": [{ "name": "Egypt", "enabled": true, "match": "all",
            "conditions": [{ "kind": "country", "op": "is", "value": "EG" }], "to": { "group": offices["id"] } }], "fallback": {} });
        assert_eq!(world.owner.put("/v1/routing-rules", &rules).await.status.as_u16(), 200);
        let (page_two, _) = page(&world, &widget).await;
        let begun = page_two.post("start", &begin("b", "Africa/Cairo", true)).await.json();
        let path = format!("/v1/conversations/{}", begun["conversation"]["id"].as_str().unwrap());
        assert_eq!(world.owner.get(&path).await.json()["group"], offices["id"]);
        let (nowhere, _) = page(&world, &widget).await;
        assert_eq!(nowhere.post("start", &begin("c", "Middle/Earth", true)).await.status.as_u16(), 200);
    }

    async fn a_browser_is_told_the_time_zones_of_countries(t: Fixture) {
        let world = World::new(t).await;
        let widget = shop(&world).await;
        let greeting = |value: Json| json!({ "name": "Gulf", "enabled": true, "text": { "en": "Hello" }, "once": "visit", "match": "all",
            "conditions": [{ "kind": "country", "op": "is", "value": value }] });
        let path = format!("/v1/widgets/{widget}/greetings");
        for wrong in [json!("XX"), json!([]), json!(["SA", "Saudi"]), json!(7)] {
            let refused = world.owner.post(&path, &greeting(wrong)).await;
            assert_eq!(refused.json()["fields"][0]["field"], "conditions[0]");
        }
        world.made(&path, greeting(json!(["SA", "in"]))).await;
        let config = page(&world, &widget).await.0.get("config").await.json();
        let told = &config["greetings"][0];
        assert_eq!(told["needs_tracking"], true);
        assert_eq!(told["conditions"][0]["value"], json!(["Asia/Riyadh", "Asia/Calcutta", "Asia/Kolkata"]));
    }

    async fn files_travel_and_are_never_shown_by_the_browser(t: Fixture) {
        let world = World::new(t).await;
        let (page, _) = page(&world, &shop(&world).await).await;
        let begun = page.post("start", &json!({ "client_id": "s", "text": "hello" })).await.json();
        let form = |bytes: &str, kind: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\nContent-Type: {kind}\r\n\r\n{bytes}\r\n--x--\r\n")
        };
        let upload = |bytes: &str, kind: &str| {
            let client = page.client.clone().with("content-type", "multipart/form-data; boundary=x");
            let (path, form) = (format!("/w/chat/{}/files", page.widget), form(bytes, kind));
            async move { client.send(Method::POST, &path, form).await }
        };
        assert_eq!(upload("<script>x</script>", "text/plain").await.code().as_deref(), Some("unsupported_media_type"));
        assert_eq!(upload("words", "image/png").await.code().as_deref(), Some("unsupported_media_type"));
        let file = upload("just words", "text/plain").await.json();
        let sent = page.post("messages", &json!({ "client_id": "f", "file": file["id"] })).await.json();
        assert_eq!(sent["event"]["file"]["state"], "clean");
        let path = format!("files/{}", file["id"].as_str().unwrap());
        let read = page.get(&path).await;
        assert_eq!(read.text(), "just words");
        assert!(read.header("content-disposition").starts_with("attachment"));
        assert_eq!(read.header("x-content-type-options"), "nosniff");
        let inside = format!("/v1/conversations/{}/{path}", begun["conversation"]["id"].as_str().unwrap());
        assert_eq!(world.owner.get(&inside).await.text(), "just words");
    }

    async fn one_press_ends_all_advertising(t: Fixture) {
        let world = World::new(t).await;
        let (page, _) = page(&world, &shop(&world).await).await;
        let begun = page.post("start", &json!({ "client_id": "s", "text": "stop your mails" })).await.json();
        let path = format!("/v1/conversations/{}", begun["conversation"]["id"].as_str().unwrap());
        let early = world.owner.post(&format!("{path}/objection"), &json!({})).await;
        assert_eq!(early.code().as_deref(), Some("conflict"), "nobody knows who it is");
        let linked = world.owner.post(&format!("{path}/contact"), &json!({ "email": "sara@example.com" })).await.json();
        let contact = linked["person"]["contact"].as_str().unwrap().parse().unwrap();
        assert_eq!(world.owner.post(&format!("{path}/objection"), &json!({})).await.status.as_u16(), 204);
        let ctx = world.ctx();
        let hash = privacy::suppression::subject_hash(ctx.keys().await.unwrap().as_ref(), contact);
        let blocks = privacy::suppression::check(&ctx, &[hash]).await.unwrap();
        assert!(blocks[0].iter().any(|block| block.reason == privacy::suppression::Reason::Objection));
    }
}
