//! Locked rows, which only some may change, and segments that rows are shown to.

use accounts::members::Role;
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused};

fn text(id: &str, words: &str) -> Json {
    json!({ "id": id, "type": "text", "content": { "type": "doc", "content": [
        { "type": "paragraph", "content": [{ "type": "text", "text": words }] }] } })
}

fn head() -> Json {
    json!({ "id": "head", "layout": [1], "locked": true, "cols": [[text("logo", "Nur"), text("line", "Since 1991")]] })
}

fn row(id: &str, words: &str) -> Json {
    json!({ "id": id, "layout": [1], "cols": [[text(&format!("{id}-t"), words)]] })
}

fn design(rows: &[Json]) -> Json {
    let footer = json!({ "id": "end", "layout": [1], "cols": [[{ "id": "foot", "type": "footer" }]] });
    let rows: Vec<Json> = rows.iter().cloned().chain([footer]).collect();
    json!({ "v": 2, "dir": "ltr", "lang": "en", "preheader": "", "rows": rows })
}

testkit::each_engine! {
    async fn a_locked_row_is_left_as_it_is_by_who_may_not_change_it(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let whole = design(&[head(), row("one", "Hello")]);
        let body = json!({ "name": "C", "from": "Nur <n@example.org>", "topic": "News", "subject": "S", "language": "en", "design": whole });
        let campaign = format!("/v1/campaigns/{}", world.made("/v1/campaigns", body).await["id"].as_str().unwrap());
        let body = json!({ "name": "T", "content": { "subject": "S", "language": "en", "design": whole } });
        let template = format!("/v1/templates/{}", world.made("/v1/templates", body).await["id"].as_str().unwrap());
        let author = world.role(Role::Author).await;
        let mut rewritten = head();
        rewritten["cols"][0][1] = text("line", "Since 2001");
        let mut unlocked = head();
        unlocked["locked"] = json!(false);
        let offences = [
            (design(&[rewritten.clone(), row("one", "Hello")]), "design:/rows/0/cols/0/1"),
            (design(&[unlocked, row("one", "Hello")]), "design:/rows/0/locked"),
            (design(&[row("one", "Hello")]), "design:/rows/0"),
            (design(&[row("one", "Hello"), head()]), "design:/rows/1"),
        ];
        for (offence, place) in &offences {
            refused(&author.patch(&campaign, &json!({ "design": offence })).await, "forbidden", Some(place));
            let content = json!({ "content": { "subject": "S", "language": "en", "design": offence } });
            refused(&author.patch(&template, &content).await, "forbidden", Some(place));
        }
        // No way around: as code, in another language, or as the language that goes before.
        refused(&author.patch(&campaign, &json!({ "html": "<p>x</p>" })).await, "forbidden", Some("design:/rows/0"));
        let variants = json!({ "variants": { "ar": { "subject": "س", "design": design(&[row("one", "أهلًا")]) } } });
        refused(&author.patch(&campaign, &variants).await, "forbidden", Some("variants.ar.design:/rows/0"));
        let other = json!({ "language": "ar", "design": design(&[row("one", "أهلًا")]) });
        refused(&author.patch(&campaign, &other).await, "forbidden", Some("design:/rows/0"));
        // Everything around it is theirs to write.
        let written = design(&[head(), row("two", "More"), row("one", "Hello, all")]);
        let answer = author.patch(&campaign, &json!({ "design": written, "name": "D" })).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        let content = json!({ "content": { "subject": "S", "language": "en", "design": written } });
        assert!(author.patch(&template, &content).await.status.is_success());
        assert!(author.patch(&campaign, &json!({ "subject": "Other" })).await.status.is_success());
        // Who may, may.
        let may = world.scoped(&["campaigns:write", "templates:write", "templates:lock"]).await;
        let answer = may.patch(&campaign, &json!({ "design": offences[0].0 })).await;
        let said = answer.json().pointer("/content/body/design/rows/0/cols/0/1/content/content/0/content/0/text").cloned();
        assert_eq!(said, Some(json!("Since 2001")), "{}", answer.text());
        let content = json!({ "content": { "subject": "S", "language": "en", "design": offences[2].0 } });
        assert!(may.patch(&template, &content).await.status.is_success());
        // What is kept for messages is held to it, too.
        let piece = world.made("/v1/pieces", json!({ "kind": "block", "name": "Head", "design": whole })).await;
        let piece = format!("/v1/pieces/{}", piece["id"].as_str().unwrap());
        refused(&author.patch(&piece, &json!({ "design": offences[2].0 })).await, "forbidden", Some("design:/rows/0"));
        assert!(may.patch(&piece, &json!({ "design": offences[2].0 })).await.status.is_success());
    }

    async fn a_row_that_is_shown_to_a_segment_follows_it(t: Fixture) {
        let world = World::new(t).await;
        let (contact, other) = (world.contact("sara@example.org").await, "omar@example.org");
        let other = world.made("/v1/contacts", json!({ "email": other, "country": "FR" })).await;
        let made = json!({ "name": "Germans", "where": { "field": "country", "op": "is", "value": "DE" } });
        let segment = world.made("/v1/segments", made).await["id"].as_str().unwrap().to_owned();
        let mut some = row("some", "For the chosen");
        some["visible_if"] = json!(format!("segment \"{segment}\""));
        let content = json!({ "subject": "S", "language": "en", "design": design(&[row("all", "Hello"), some]) });
        let shown = async |more: Json| {
            let mut body = json!({ "content": content });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let answer = world.owner.post("/v1/content/preview", &body).await;
            assert!(answer.status.is_success(), "{}", answer.text());
            let json = answer.json();
            (json["html"].as_str().unwrap().contains("For the chosen"), json["findings"].clone())
        };
        assert!(shown(json!({ "contact": contact })).await.0);
        assert!(!shown(json!({ "contact": other["id"] })).await.0);
        assert!(!shown(json!({})).await.0);
        assert!(shown(json!({ "sample": true })).await.0);
        assert!(shown(json!({ "segments": [segment] })).await.0);
        assert_eq!(world.owner.delete(&format!("/v1/segments/{segment}")).await.status.as_u16(), 204);
        let (_, findings) = shown(json!({ "sample": true })).await;
        let found = (&findings[0]["code"], &findings[0]["at"], &findings[0]["severity"]);
        assert_eq!(found, (&json!("unknown_segment"), &json!("/rows/1/visible_if"), &json!("error")));
        let checked = world.owner.post("/v1/content/check", &content).await.json();
        assert_eq!((&checked["ok"], &checked["sendable"]), (&json!(true), &json!(false)));
        assert_eq!(checked["findings"][0]["code"], "unknown_segment");
        let mut wrong = content.clone();
        wrong["design"]["rows"][1]["visible_if"] = json!("segment \"Germans\"");
        let checked = world.owner.post("/v1/content/check", &wrong).await.json();
        assert_eq!((&checked["ok"], &checked["findings"][0]["code"]), (&json!(false), &json!("tag_syntax")));
    }
}
