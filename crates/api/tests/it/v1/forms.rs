//! Sign-up forms: what they may be, what sites put on their pages, how often they were used.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::operations::document;
use super::world::{World, refused};

fn definition() -> Json {
    let texts = json!({ "title": "News & <b>more</b>", "consent": "c", "button": "b" });
    json!({ "fields": [{ "key": "email", "purpose": "marketing", "required": true, "label_en": "E-mail",
        "label_ar": "البريد" }], "en": texts, "ar": texts })
}

/// Everything that the document says of a schema stands in the answer, and nothing else.
fn same(document: &Json, schema: &Json, shown: &Json, at: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &document["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema,
    };
    for alternative in ["oneOf", "anyOf"] {
        if let Some(all) = schema[alternative].as_array() {
            if let Some(Json::Object(one)) = all.iter().find(|one| one.get("$ref").is_some()) {
                same(document, &Json::Object(one.clone()), shown, at);
            }
            return;
        }
    }
    match shown {
        Json::Object(members) => {
            let said: BTreeSet<&String> =
                schema["properties"].as_object().unwrap_or_else(|| panic!("{at}: {schema}")).keys().collect();
            assert_eq!(said, members.keys().collect(), "{at}");
            for (name, member) in members {
                same(document, &schema["properties"][name], member, &format!("{at}.{name}"));
            }
        }
        Json::Array(all) => all.iter().for_each(|one| same(document, &schema["items"], one, at)),
        _ => {}
    }
}

testkit::each_engine! {
    async fn the_document_says_what_is_answered(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let mut full = definition();
        full["origins"] = json!(["https://shop.example"]);
        full["theme"] = json!({ "image": { "url": "/a.png" } });
        full["display"] = json!({ "pages": [{ "match": "contains", "value": "/blog" }] });
        full["minimum_age"] = json!({ "years": 21 });
        let made = world.made("/v1/forms", json!({ "name": "Site", "topic": "News", "definition": full })).await;
        let document = document();
        let schemas = &document["components"]["schemas"];
        same(&document, &schemas["Form"], &made, "form");
        let path = format!("/v1/forms/{}", made["id"].as_str().unwrap());
        let report = world.owner.get(&format!("{path}/report")).await.json();
        same(&document, &schemas["FormReport"], &report, "report");
        same(&document, &schemas["FormEmbed"], &world.owner.get(&format!("{path}/embed")).await.json(), "embed");
        assert_eq!(made["definition"]["display"]["trigger"], json!({ "on": "delay", "seconds": 5 }));
        let given = made["definition"].clone();
        let again = world.owner.patch(&path, &json!({ "definition": given })).await.json();
        assert_eq!(again["definition"], made["definition"], "what is answered can be given back");
    }

    async fn wrong_definitions_are_refused_by_field(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        for (member, value, field) in [
            ("theme", json!({ "text": "#cccccc" }), "theme.text"),
            ("origins", json!(["shop.example"]), "origins[0]"),
            ("success", json!({ "then": "redirect", "url": "https://evil.example" }), "success.url"),
            ("minimum_age", json!({ "years": 3 }), "minimum_age.years"),
            ("topics", json!(["top_00000000000000000000000001"]), "topics[0]"),
            ("display", json!({ "trigger": { "on": "scroll", "percent": 0 } }), "display.trigger"),
        ] {
            let mut wrong = definition();
            wrong[member] = value;
            let body = json!({ "name": "F", "topic": "News", "definition": wrong });
            refused(&world.owner.post("/v1/forms", &body).await, "invalid_input", Some(field));
            let shown = world.owner.post("/v1/forms/preview", &json!({ "definition": wrong, "topic": "News" })).await;
            refused(&shown, "invalid_input", Some(field));
        }
        for (member, value) in [("kind", json!("modal")), ("colour", json!("red")), ("display", json!({ "trigger": { "on": "x" } }))] {
            let mut wrong = definition();
            wrong[member] = value;
            let body = json!({ "name": "F", "topic": "News", "definition": wrong });
            assert_eq!(world.owner.post("/v1/forms", &body).await.status, 422, "{member}");
        }
    }

    async fn snippets_reports_and_previews(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let form = json!({ "name": "Site", "topic": "News", "definition": definition() });
        let made = world.made("/v1/forms", form).await;
        let id = made["id"].as_str().unwrap();
        let path = format!("/v1/forms/{id}");
        let embed = world.owner.get(&format!("{path}/embed")).await.json();
        assert_eq!((&embed["needs_origins"], &embed["origins"]), (&json!(true), &json!([])));
        let inline = embed["ar"]["inline"].as_str().unwrap();
        assert!(inline.starts_with("<script async src=\"") && inline.contains(&format!("/{id}\" data-kind=\"inline\" data-lang=\"ar\"")));
        assert!(inline.contains("News &amp; &lt;b&gt;more&lt;/b&gt;"), "a title stays text");
        assert!(embed["en"]["popup"].as_str().unwrap().contains("data-kind=\"popup\""));
        let html = embed["en"]["html"].as_str().unwrap();
        assert!(html.contains(&format!("/w/forms/{id}?lang=en\"")) && html.contains("name=\"v-email\""));
        assert!(!html.contains("<script"));

        let report = world.owner.get(&format!("{path}/report?from=2026-11-01&to=2026-11-03")).await.json();
        assert_eq!(report["days"][2], json!({ "day": "2026-11-03", "views": 0, "submissions": 0, "confirmed": 0 }));
        refused(&world.owner.get(&format!("{path}/report?from=2020-01-01&to=2026-11-03")).await, "invalid_input", Some("from"));
        assert_eq!(made["last_30_days"], json!({ "views": 0, "submissions": 0, "confirmed": 0 }));

        let shown = world.owner.post("/v1/forms/preview", &json!({ "definition": definition(), "language": "ar" })).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert!(shown.header("content-type").starts_with("text/html"));
        assert!(shown.header("content-security-policy").contains("default-src 'none'"));
        let page = shown.text();
        assert!(page.contains("lang=\"ar\" dir=\"rtl\"") && page.contains("/w/form.js") && !page.contains("<b>more"));
        assert_eq!(world.owner.get("/v1/forms").await.json()["items"].as_array().unwrap().len(), 1, "nothing is saved");
        let mut choice = definition();
        choice["topics"] = json!([topic]);
        refused(&world.owner.post("/v1/forms/preview", &json!({ "definition": choice })).await, "invalid_input", Some("topic"));
    }
}
