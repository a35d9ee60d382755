//! Documents of the block editor, starters and pictures over the API.

use axum::http::Method;
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::operations::PICTURE;
use super::world::{World, refused};

fn design(blocks: Json) -> Json {
    json!({ "v": 1, "dir": "rtl", "lang": "ar", "preheader": "سطر", "rows": [
        { "id": "r", "layout": [1], "cols": [blocks] },
        { "id": "end", "layout": [1], "cols": [[{ "id": "foot", "type": "footer" }]] }
    ] })
}

/// A document with next to nothing in it.
pub fn small() -> Json {
    design(json!([{ "id": "s", "type": "spacer", "height": 8 }]))
}

fn greeting() -> Json {
    json!([{ "id": "h", "type": "heading", "level": 1, "content": [
        { "type": "text", "text": "أهلًا " }, { "type": "merge", "attrs": { "field": "first_name", "fallback": "بك" } }] }])
}

fn codes(answer: &Json) -> Vec<(String, Json)> {
    let findings = answer["findings"].as_array().unwrap();
    findings.iter().map(|found| (found["code"].as_str().unwrap().to_owned(), found["at"].clone())).collect()
}

testkit::each_engine! {
    async fn pieces_are_kept_for_the_editor(t: Fixture) {
        let world = World::new(t).await;
        let kept =
            world.made("/v1/pieces", json!({ "kind": "block", "name": " Head ", "design": design(greeting()) })).await;
        assert_eq!((&kept["name"], &kept["design"]["v"], &kept["about"]), (&json!("Head"), &json!(2), &Json::Null));
        let listed = world.owner.get("/v1/pieces?kind=block").await.json();
        assert_eq!((listed["items"].as_array().unwrap().len(), listed["items"][0].get("design")), (1, None));
        assert_eq!(world.owner.get("/v1/pieces?kind=brand").await.json()["items"], json!([]));
        let path = format!("/v1/pieces/{}", kept["id"].as_str().unwrap());
        let other = world.owner.patch(&path, &json!({ "name": "Top", "design": small() })).await.json();
        assert_eq!(
            (&other["name"], &other["design"]["rows"][0]["cols"][0][0]["type"]),
            (&json!("Top"), &json!("spacer"))
        );
        let mut broken = small();
        broken["rows"][0]["layout"] = json!([9]);
        let body = json!({ "kind": "brand", "name": "B", "design": broken });
        let refusal = world.owner.post("/v1/pieces", &body).await;
        assert_eq!(refusal.json()["fields"][0]["field"], "design:/rows/0/layout", "{}", refusal.text());
        refused(
            &world.owner.post("/v1/pieces", &json!({ "kind": "block", "name": " ", "design": small() })).await,
            "invalid_input",
            Some("name"),
        );
        refused(
            &world.owner.post("/v1/pieces", &json!({ "kind": "state", "design": small() })).await,
            "invalid_input",
            Some("about"),
        );
        let state = |number: usize| json!({ "kind": "state", "about": "cmp_1:ar", "name": number.to_string(), "design": small() });
        for number in 0..52 {
            world.made("/v1/pieces", state(number)).await;
        }
        let states = world.owner.get("/v1/pieces?kind=state&about=cmp_1:ar&limit=100").await.json();
        let states = states["items"].as_array().unwrap();
        assert_eq!(
            (states.len(), &states[0]["name"], &states[49]["name"]),
            (50, &json!("51"), &json!("2")),
            "the newest stay"
        );
        let first = format!("/v1/pieces/{}", states[0]["id"].as_str().unwrap());
        assert_eq!(
            world.owner.patch(&first, &json!({ "name": "changed" })).await.status.as_u16(),
            404,
            "nobody changes what was"
        );
        assert_eq!(world.owner.get("/v1/pieces?kind=state").await.json()["items"], json!([]), "of which message?");
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        assert_eq!(world.owner.get(&path).await.status.as_u16(), 404);
    }

    async fn a_design_is_kept_read_checked_and_shown(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let body = json!({ "name": "C", "from": "Nur <n@example.org>", "topic": "News", "subject": "S", "design": design(greeting()) });
        let made = world.made("/v1/campaigns", body).await;
        let path = format!("/v1/campaigns/{}", made["id"].as_str().unwrap());
        let read = world.owner.get(&path).await.json();
        let kept = &read["content"];
        assert_eq!((&kept["language"], &kept["body"]["design"]["rows"][0]["id"]), (&json!("ar"), &json!("r")));
        // What was read can be written.
        let again = world.owner.patch(&path, &json!({ "design": kept["body"]["design"] })).await;
        assert_eq!(again.json()["content"], *kept);
        let unfinished = design(json!([{ "id": "i", "type": "image", "src": "" }]));
        assert!(world.owner.patch(&path, &json!({ "design": unfinished })).await.status.is_success(), "a draft may be unfinished");
        let checked = world.owner.post("/v1/content/check", &json!({ "subject": "S", "design": unfinished })).await.json();
        assert_eq!((&checked["ok"], &checked["sendable"]), (&json!(true), &json!(false)));
        let found = codes(&checked);
        assert_eq!(found[0], ("missing_alt".to_owned(), json!("/rows/0/cols/0/0/alt")));
        assert_eq!(found[1], ("missing_image".to_owned(), json!("/rows/0/cols/0/0/src")));
        let whole = world.owner.post("/v1/content/check", &json!({ "subject": "S", "design": design(greeting()) })).await.json();
        assert_eq!((&whole["sendable"], &whole["findings"]), (&json!(true), &json!([])));
        let malformed = design(json!([{ "id": "b", "type": "button", "label": "x", "url": "javascript:x" }]));
        refused(
            &world.owner.patch(&path, &json!({ "design": malformed })).await,
            "template_invalid",
            Some("design:/rows/0/cols/0/0/url"),
        );
        let both = json!({ "subject": "S", "html": "<p>x</p>", "design": design(greeting()) });
        refused(&world.owner.post("/v1/content/check", &both).await, "invalid_input", Some("html"));
        let template = json!({ "name": "T", "content": { "subject": "S", "design": design(greeting()) } });
        let template = world.made("/v1/templates", template).await;
        assert_eq!(template["source"]["default"]["body"]["design"]["dir"], "rtl");
    }

    async fn a_preview_shows_somebody_and_everything_about_the_message(t: Fixture) {
        let world = World::new(t).await;
        let content = json!({ "subject": "إلى {{ first_name | fallback: \"صديق\" }}", "design": design(greeting()) });
        let seen = world.owner.post("/v1/content/preview", &json!({ "content": content, "sample": true })).await.json();
        assert_eq!((&seen["ok"], &seen["subject"], &seen["preheader"]), (&json!(true), &json!("إلى لينا"), &json!("سطر")));
        assert_eq!((&seen["language"], &seen["direction"], &seen["clipped"]), (&json!("ar"), &json!("rtl"), &json!(false)));
        let html = seen["html"].as_str().unwrap();
        assert_eq!(seen["bytes"], html.len());
        assert!(html.contains("أهلًا لينا") && !html.contains("direction:ltr"), "{html}");
        assert!(seen["text"].as_str().unwrap().contains("1 Palm Street"));
        let picture = design(json!([{ "id": "i", "type": "image", "src": "/i/starters/hills.png", "alt": "تلال" }]));
        let seen = world.owner.post("/v1/content/preview", &json!({ "content": { "subject": "S", "design": picture } })).await.json();
        assert!(seen["html"].as_str().unwrap().contains("src=\"http://127.0.0.1:8080/i/starters/hills.png\""), "{seen}");
        let wrong = design(json!([{ "id": "t", "type": "text", "content": { "type": "doc", "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": "{{ nobody }}" }] }] } }]));
        let seen = world.owner.post("/v1/content/preview", &json!({ "content": { "subject": "S", "design": wrong } })).await.json();
        let at = json!("/rows/0/cols/0/0/content/content/0/content/0/text");
        assert_eq!((&seen["ok"], codes(&seen)), (&json!(false), vec![("unknown_field".to_owned(), at)]));
        let mended = world.owner.post("/v1/content/repair", &json!({ "design": { "rows": [] }, "language": "ar" })).await.json();
        assert_eq!((&mended["design"]["dir"], &mended["design"]["rows"][0]["cols"][0][0]["type"]), (&json!("rtl"), &json!("footer")));
        assert!(mended["repairs"].as_array().unwrap().len() >= 4, "{mended}");
    }

    async fn starters_are_told_in_the_language_that_was_asked_for(t: Fixture) {
        let world = World::new(t).await;
        let items = world.owner.get("/v1/starters?language=ar").await.json()["items"].clone();
        let items = items.as_array().unwrap();
        assert_eq!(items.len(), 24);
        let welcome = items.iter().find(|item| item["id"] == "welcome.en").unwrap();
        assert_eq!((&welcome["name"], &welcome["language"], &welcome["category"]), (&json!("ترحيب"), &json!("en"), &json!("welcome")));
        let campaign = json!({ "subject": welcome["subject"], "preheader": welcome["preheader"], "design": welcome["design"] });
        let checked = world.owner.post("/v1/content/check", &campaign).await.json();
        assert_eq!(checked["sendable"], true, "{checked}");
    }

    async fn pictures_are_looked_at_kept_and_held_while_something_shows_them(t: Fixture) {
        let world = World::new(t).await;
        let upload = async |bytes: &[u8]| world.owner.send(Method::POST, "/v1/images?name=Door", bytes.to_vec()).await;
        let made = upload(PICTURE).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text());
        let made = made.json();
        assert_eq!((&made["type"], &made["width"], &made["bytes"], &made["name"]), (&json!("image/png"), &json!(1), &json!(PICTURE.len()), &json!("Door")));
        refused(&upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>").await, "unsupported_media_type", None);
        refused(&upload(b"").await, "unsupported_media_type", None);
        let mut large = PICTURE.to_vec();
        large.resize(5 * 1024 * 1024 + 1, 0);
        refused(&upload(&large).await, "payload_too_large", None);
        large.truncate(999_990);
        refused(&upload(&large).await, "conflict", None);
        let second = upload(PICTURE).await.json();
        let page = world.owner.get("/v1/images?limit=1").await.json();
        assert_eq!((&page["items"][0]["id"], page["items"].as_array().unwrap().len()), (&second["id"], 1));
        let rest = world.owner.get(&format!("/v1/images?cursor={}", page["next"].as_str().unwrap())).await.json();
        assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&made["id"], &Json::Null));

        let shows = design(json!([{ "id": "i", "type": "image", "src": made["url"], "alt": "A door" }]));
        world.topic("News").await;
        let body = json!({ "name": "Doors", "from": "Nur <n@example.org>", "topic": "News", "subject": "S", "design": shows });
        let campaign = world.made("/v1/campaigns", body).await["id"].as_str().unwrap().to_owned();
        let template = json!({ "name": "T", "content": { "subject": "S", "design": shows } });
        let template = world.made("/v1/templates", template).await["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/images/{}", made["id"].as_str().unwrap());
        let held = world.owner.delete(&path).await;
        refused(&held, "conflict", Some(&format!("templates/{template}")));
        assert_eq!(held.json()["fields"][1]["field"], format!("campaigns/{campaign}"));
        assert!(world.owner.delete(&format!("/v1/templates/{template}")).await.status.is_success());
        refused(&world.owner.delete(&path).await, "conflict", Some(&format!("campaigns/{campaign}")));
        assert!(world.owner.delete(&format!("/v1/campaigns/{campaign}")).await.status.is_success());
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.delete(&path).await, "not_found", None);
    }
}

/// The web app's types are made of these.
#[test]
fn the_document_of_the_api_names_every_type_of_a_design() {
    fn references(json: &Json, out: &mut Vec<String>) {
        match json {
            Json::Object(members) => {
                for (key, value) in members {
                    match (key.as_str(), value.as_str()) {
                        ("$ref", Some(target)) => out.push(target.to_owned()),
                        _ => references(value, out),
                    }
                }
            }
            Json::Array(values) => values.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }
    let document = super::operations::document();
    let schemas = &document["components"]["schemas"];
    for name in [
        "Design",
        "DesignTheme",
        "DesignRow",
        "DesignBlock",
        "HeadingBlock",
        "ImageBlock",
        "FooterBlock",
        "RichText",
        "RichNode",
        "RichListItem",
        "RichInline",
        "RichMark",
        "Finding",
        "FindingCode",
        "Image",
        "Starter",
        "ContentPreview",
        "ContentCheck",
        "RepairedDesign",
    ] {
        assert!(schemas[name].is_object(), "{name}");
    }
    let mut all = Vec::new();
    references(&document, &mut all);
    for target in all {
        assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
    }
}
