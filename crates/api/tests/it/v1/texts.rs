//! Campaigns by SMS over HTTP: drafted, priced, checked, sent, paused, read; and the pages behind their short links.

use http_server::testing::TestClient;
use serde_json::{Value as Json, json};
use testkit::{Fixture, each_engine};

use super::world::{World, refused};

const ARABIC: &str = "مرحبا {{ first_name | fallback: \"صديقنا\" }}، عروضنا: https://shop.example/offers/2026/november?from=sms — أرسل إلغاء للتوقف";

/// A workspace that may write to Saudi Arabia, with a topic and so many people who asked for messages there.
async fn house(t: Fixture, people: usize) -> (World, String) {
    // Noon in Riyadh.
    t.clock.set("2026-11-22T09:00:00Z".parse().unwrap());
    let world = World::new(t).await;
    let allowed = json!({ "countries": ["SA"], "parts": 6, "parts_a_day": null, "parts_a_day_by_country": null,
        "parts_a_day_by_block": null });
    assert!(world.owner.put("/v1/messages/settings", &allowed).await.status.is_success());
    world.made("/v1/originators", json!({ "value": "+966112345678" })).await;
    let prices = json!({ "items": [{ "service": "sms", "country": "SA", "amount_micros": 40_000 }] });
    assert!(world.owner.put("/v1/prices", &prices).await.status.is_success());
    let topic = world.made("/v1/topics", json!({ "name": "Offers", "double_opt_in": false })).await;
    let topic = topic["id"].as_str().unwrap().to_owned();
    for n in 0..people {
        let contact = json!({ "phone": format!("+96650123450{n}"), "first_name": format!("لينا{n}"), "country": "SA",
            "language": "ar" });
        world
            .made(
                "/v1/subscribe",
                json!({ "topic": topic, "contact": contact, "proof": { "wording": "Offers by SMS" } }),
            )
            .await;
    }
    (world, topic)
}

fn draft(topic: &str) -> Json {
    json!({ "channel": "sms", "name": "November", "topic": topic, "language": "ar", "text": ARABIC,
        "variants": { "en": { "text": "Offers: https://shop.example/en Reply STOP to end, HELP for help" } } })
}

async fn made(world: &World, draft: Json) -> String {
    world.made("/v1/campaigns", draft).await["id"].as_str().unwrap().to_owned()
}

async fn read(client: &TestClient, path: &str) -> Json {
    let answer = client.get(path).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

fn item<'a>(checklist: &'a Json, code: &str) -> &'a Json {
    let items = checklist["items"].as_array().unwrap();
    items.iter().find(|item| item["code"] == code).unwrap_or_else(|| panic!("no {code} in {checklist:#}"))
}

each_engine! {
    async fn a_campaign_by_sms_is_drafted_priced_sent_and_read(t: Fixture) {
        let (world, topic) = house(t, 3).await;
        let id = made(&world, draft(&topic)).await;
        let path = format!("/v1/campaigns/{id}");
        let shown = read(&world.owner, &path).await;
        assert_eq!((&shown["channel"], &shown["sms"]["text"], &shown["sms"]["shorten"]), (&json!("sms"), &json!(ARABIC), &json!(true)));
        assert_eq!((&shown["content"], &shown["from_email"]), (&Json::Null, &json!("")));
        let change = json!({ "originator": "+966112345678", "validity": 3600, "name": "Nov" });
        let changed = world.owner.patch(&path, &change).await.json();
        assert_eq!((&changed["sms"]["originator"], &changed["sms"]["validity"]), (&json!("+966112345678"), &json!(3600)), "{changed}");
        // One part is 70 characters in Arabic; the short link makes two of what three would be.
        let estimate = read(&world.owner, &format!("{path}/estimate")).await;
        assert_eq!((&estimate["recipients"], &estimate["parts"], &estimate["cost_micros"]), (&json!(3), &json!(6), &json!(240_000)), "{estimate:#}");
        assert_eq!((&estimate["by_encoding"]["UCS2"], &estimate["covered"]), (&json!(3), &json!(true)));
        assert_eq!(estimate["wordings"].as_array().unwrap().len(), 2);
        let checklist = read(&world.owner, &format!("{path}/checklist")).await;
        assert_eq!(checklist["ready"], true, "{checklist:#}");
        assert_eq!(item(&checklist, "opt_out_words")["level"], "ok");
        assert_eq!(item(&checklist, "balance")["values"]["cost_micros"], "240000");
        let preflight = world.owner.post(&format!("{path}/preflight"), &json!({})).await.json();
        assert_eq!((&preflight["selected"], &preflight["allowed"]), (&json!(3), &json!(3)), "{preflight}");
        let sent = world.owner.post(&format!("{path}/send"), &json!({ "grace_seconds": 0 })).await;
        assert!(sent.status.is_success(), "{}", sent.text());
        world.work().await;
        let report = read(&world.owner, &format!("{path}/report")).await;
        assert_eq!((&report["selected"], &report["queued"], &report["sms"]["parts"]), (&json!(3), &json!(3), &json!(6)), "{report:#}");
        assert_eq!((&report["sms"]["reserved_micros"], &report["sms"]["cost_micros"]), (&json!(240_000), &json!(0)));
        let people = read(&world.owner, &format!("{path}/recipients?outcome=queued")).await;
        assert_eq!((people["items"].as_array().unwrap().len(), &people["items"][0]["phone"]), (3, &json!("+966501234500")));
        assert_eq!(read(&world.owner, &format!("{path}/deliveries")).await["items"].as_array().unwrap().len(), 3);
        let message = read(&world.owner, &format!("/v1/messages/{}", people["items"][0]["message"].as_str().unwrap())).await;
        assert_eq!((&message["campaign"], &message["parts"]), (&json!(id), &json!(2)));
        assert!(message["text"].as_str().unwrap().contains("لينا0، عروضنا: http://127.0.0.1:8080/s/"), "{message}");
        let paused = world.owner.post(&format!("{path}/pause"), &json!({})).await.json();
        assert_eq!(paused["state"], "paused", "{paused}");
        world.work().await;
        assert_eq!(read(&world.owner, &format!("{path}/report")).await["sms"]["held"], 3);
        world.owner.post(&format!("{path}/cancel"), &json!({})).await;
        world.work().await;
        let report = read(&world.owner, &format!("{path}/report")).await;
        assert_eq!((&report["cancelled"], &report["sms"]["reserved_micros"]), (&json!(3), &json!(0)));
        let listed = read(&world.owner, "/v1/campaigns?channel=sms").await;
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["counts"]["cancelled"]), (1, &json!(3)));
        assert!(read(&world.owner, "/v1/campaigns?channel=email").await["items"].as_array().unwrap().is_empty());
    }

    async fn what_keeps_it_from_being_sent_is_told_by_name(t: Fixture) {
        let (world, topic) = house(t, 2).await;
        let silent = json!({ "channel": "sms", "name": "x", "topic": topic, "language": "en", "text": "Sale – now ✓", "originator": "+4930123456" });
        let id = made(&world, silent).await;
        let checklist = read(&world.owner, &format!("/v1/campaigns/{id}/checklist")).await;
        assert_eq!((&checklist["ready"], &item(&checklist, "originator")["level"]), (&json!(false), &json!("blocking")), "{checklist:#}");
        assert_eq!(item(&checklist, "opt_out_words")["level"], "blocking");
        assert_eq!(item(&checklist, "text_encoding")["values"]["characters"], "– ✓");
        let stopped = world.owner.post(&format!("/v1/campaigns/{id}/send"), &json!({})).await;
        refused(&stopped, "invalid_input", Some("originator"));
        world.owner.patch(&format!("/v1/campaigns/{id}"), &json!({ "originator": null })).await;
        refused(&world.owner.post(&format!("/v1/campaigns/{id}/send"), &json!({})).await, "invalid_input", Some("text"));
        // Money for one of two.
        world.owner.put("/v1/balance", &json!({ "currency": "SAR", "credit_micros": 0 })).await;
        world.made("/v1/balance/top-ups", json!({ "amount_micros": 100_000 })).await;
        let id = made(&world, draft(&topic)).await;
        let checklist = read(&world.owner, &format!("/v1/campaigns/{id}/checklist")).await;
        assert_eq!(item(&checklist, "balance")["level"], "blocking", "{checklist:#}");
        let path = format!("/v1/campaigns/{id}");
        world.owner.post(&format!("{path}/send"), &json!({ "grace_seconds": 0 })).await;
        world.work().await;
        let halted = read(&world.owner, &path).await;
        assert_eq!((&halted["state"], &halted["halted_by"]), (&json!("paused"), &json!("insufficient_balance")), "{halted}");
        let report = read(&world.owner, &format!("{path}/report")).await;
        assert_eq!(report["notes"][0]["code"], "waiting_for_money");
        world.made("/v1/balance/top-ups", json!({ "amount_micros": 100_000 })).await;
        let resumed = world.owner.post(&format!("{path}/resume"), &json!({})).await.json();
        assert_eq!(resumed["halted_by"], Json::Null, "{resumed}");
        world.work().await;
        assert_eq!(read(&world.owner, &format!("{path}/report")).await["queued"], 2);
    }

    async fn fields_of_the_other_channel_and_nonsense_are_refused(t: Fixture) {
        let (world, topic) = house(t, 0).await;
        let with = |field: &str, value: Json| {
            let mut body = draft(&topic);
            body[field] = value;
            body
        };
        for (field, value, named) in [
            ("subject", json!("x"), "subject"),
            ("html", json!("<p>x</p>"), "html"),
            ("from", json!("Nur <n@example.org>"), "from"),
            ("text", json!("  "), "text"),
            ("text", json!("Look at {{ view_url }}"), "text"),
            ("originator", json!("not a sender at all"), "originator"),
            ("validity", json!(5), "validity"),
            ("channel", json!("fax"), "channel"),
            ("variants", json!({ "en": { "subject": "x", "html": "y" } }), "variants.en.text"),
            ("purpose", json!("statutory"), "purpose"),
        ] {
            refused(&world.owner.post("/v1/campaigns", &with(field, value)).await, "invalid_input", Some(named));
        }
        let unknown = world.owner.post("/v1/campaigns", &with("text", json!("Hi {{ frist_name | required }}"))).await;
        refused(&unknown, "template_invalid", None);
        let mail = json!({ "name": "M", "from": "Nur <n@example.org>", "subject": "Hello", "html": "<p>x</p>", "topic": topic, "shorten": true });
        refused(&world.owner.post("/v1/campaigns", &mail).await, "invalid_input", Some("shorten"));
        let id = made(&world, draft(&topic)).await;
        let test = world.owner.post(&format!("/v1/campaigns/{id}/test"), &json!({ "to": ["lina@example.com"] })).await;
        refused(&test, "invalid_input", Some("to"));
        let scoped = world.scoped(&["campaigns:test"]).await;
        let test = scoped.post(&format!("/v1/campaigns/{id}/test"), &json!({ "to": ["+966501234567"] })).await;
        refused(&test, "forbidden", None);
        let test = world.owner.post(&format!("/v1/campaigns/{id}/test"), &json!({ "to": ["+966501234567"] })).await;
        assert_eq!(test.status.as_u16(), 202, "{}", test.text());
        let messages = read(&world.owner, "/v1/messages").await;
        assert_eq!(messages["items"].as_array().unwrap().len(), 2, "one for each language");
    }

    async fn a_short_link_leads_on_is_over_or_lets_people_leave(t: Fixture) {
        let (world, topic) = house(t, 1).await;
        let text = "عروضنا https://shop.example/a وللإيقاف {{ unsubscribe_url }}";
        let id = made(&world, json!({ "channel": "sms", "name": "x", "topic": topic, "language": "ar", "text": text })).await;
        world.owner.post(&format!("/v1/campaigns/{id}/send"), &json!({ "grace_seconds": 0 })).await;
        world.work().await;
        let people = read(&world.owner, &format!("/v1/campaigns/{id}/recipients")).await;
        let message = read(&world.owner, &format!("/v1/messages/{}", people["items"][0]["message"].as_str().unwrap())).await;
        let said = message["text"].as_str().unwrap();
        let codes: Vec<&str> = said.match_indices("/s/").map(|(at, _)| &said[at..at + 12]).collect();
        let visitor = world.anonymous();
        let led = visitor.get(codes[0]).await;
        assert_eq!((led.status.as_u16(), led.headers["location"].to_str().unwrap()), (302, "https://shop.example/a"));
        assert_eq!(led.headers["cache-control"], "no-store");
        for nowhere in ["/s/000000000", "/s/x", "/s/..%2f..%2fetc", "/s/https:%2f%2fevil.example"] {
            assert_eq!(visitor.get(nowhere).await.status.as_u16(), 404, "{nowhere}");
        }
        // Looking does nothing; the button does.
        let asked = visitor.get(codes[1]).await;
        assert!(asked.text().contains("إيقاف الرسائل النصية") && asked.text().contains("dir=\"rtl\""), "{}", asked.text());
        assert_eq!(read(&world.owner, &format!("/v1/campaigns/{id}/report")).await["unsubscribed"], 0);
        let left = visitor.clone().send(axum::http::Method::POST, codes[1], "").await;
        assert_eq!(left.status.as_u16(), 200, "{}", left.text());
        assert_eq!(read(&world.owner, &format!("/v1/campaigns/{id}/report")).await["unsubscribed"], 1);
        assert_eq!(visitor.clone().send(axum::http::Method::POST, codes[0], "").await.status.as_u16(), 404);
        // There is no route: what waits is looked at again after a while.
        world.t.clock.advance(3600);
        world.work().await;
        let report = read(&world.owner, &format!("/v1/campaigns/{id}/report")).await;
        assert_eq!((&report["denied"], &report["queued"]), (&json!(1), &json!(0)), "{report:#}");
        world.t.clock.advance(91 * 86_400);
        let over = visitor.get(codes[0]).await;
        assert_eq!(over.status.as_u16(), 410);
        assert!(over.text().contains("انتهت صلاحية هذا الرابط"), "{}", over.text());
    }
}
