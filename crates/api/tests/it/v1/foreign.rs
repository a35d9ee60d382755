//! What belongs to another workspace is not there.

use std::collections::BTreeMap;

use kernel::EventId;
use mail::inbound::{Mail, Received};
use serde_json::json;
use store::params;
use testkit::Fixture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::operations::{HOST, PICTURE, all, is_common, kind};
use super::world::{HTML, OWNER, World, refused};

store::sql! {
    PUT_ROOM = "INSERT INTO booking_resource (workspace, id, name, timezone, created_at) VALUES ($1, $2, 'Room', 'Asia/Riyadh', $3)";
    PUT_PAYMENT = "INSERT INTO recharge (workspace, id, kind, state, amount, currency, made_by, attempts, created_at)
        VALUES ($1, $2, 'page', 'waiting', 1000000, 'EUR', 'system', 0, $3)";
    PUT_RECORDING = "INSERT INTO call_recording (workspace, id, call, contact, seconds, ended, created_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CAME_IN = "SELECT id FROM inbound_message WHERE workspace = $1 ORDER BY id LIMIT 1";
}

/// A route, an originator and a message.
async fn messaging(world: &World, out: &mut BTreeMap<&'static str, String>) {
    let id = |json: serde_json::Value| json["id"].as_str().unwrap().to_owned();
    let open = json!({ "countries": ["SA"], "parts": 10, "parts_a_day": null, "parts_a_day_by_country": null,
        "parts_a_day_by_block": null });
    assert!(world.owner.put("/v1/messages/settings", &open).await.status.is_success());
    out.insert("originators", id(world.made("/v1/originators", json!({ "value": "+966112345678" })).await));
    let access = json!({ "host": "127.0.0.1", "port": 9, "system_id": "x", "password": "y" });
    out.insert("routes", id(world.made("/v1/routes", json!({ "name": "Main", "access": access })).await));
    let bot = json!({ "app": "telegram", "name": "Bot", "token": "12:abc", "settings": { "api_base": "http://127.0.0.1:9" } });
    out.insert("channels", id(world.made("/v1/channels", bot).await));
    let text = json!({ "to": "+966501234567", "text": "Hello", "basis": "contract", "trial": true });
    out.insert("messages", id(world.made("/v1/messages", text).await));
    let shop = json!({ "name": "Shop" });
    out.insert("verification-services", id(world.made("/v1/verification-services", shop).await));
    out.insert("verifications", id(world.made("/v1/verifications", json!({ "to": "+966501234567" })).await));
    let shop = json!({ "system_id": "shop", "settings": { "name": "Shop" } });
    out.insert("smpp-accounts", id(world.made("/v1/smpp-accounts", shop).await["account"].clone()));
    out.insert("numbers", id(world.made("/v1/numbers", json!({ "number": "+966112345670" })).await));
    let open = json!({ "countries": ["SA"], "max_seconds": 600, "max_calls": 5 });
    assert!(world.owner.put("/v1/calls/settings", &open).await.status.is_success());
    let trunk =
        json!({ "name": "Main", "rules": { "caller_ids": ["+966112345678"] }, "access": { "host": "127.0.0.1" } });
    out.insert("trunks", id(world.made("/v1/trunks", trunk).await));
    let flow = json!({ "steps": [{ "action": "say", "text": "Hello" }] });
    out.insert("call-flows", id(world.made("/v1/call-flows", flow.clone()).await));
    let call = json!({ "to": "+966501234567", "flow": flow, "basis": "contract" });
    let call = id(world.made("/v1/calls", call).await);
    out.insert("recordings", recording(world, &call).await);
    out.insert("calls", call);
}

/// A recording of a call; only calls make them.
async fn recording(world: &World, call: &str) -> String {
    let (id, call): (kernel::RecordingId, kernel::CallId) = (world.ctx().id(), call.parse().unwrap());
    let (ctx, none) = (world.ctx(), None::<kernel::ContactId>);
    let mut batch = ctx.batch();
    batch.push(PUT_RECORDING, store::params![ctx.workspace, id, call, none, 1, "full", ctx.now(), &[1u8, 2][..]]);
    ctx.db.apply(batch).await.unwrap();
    id.to_string()
}

/// Hours, a host, something to book, a held time and a booking.
async fn appointments(world: &World, out: &mut BTreeMap<&'static str, String>) {
    let id = |json: serde_json::Value| json["id"].as_str().unwrap().to_owned();
    let hours = json!({ "timezone": "Asia/Riyadh", "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00" }] });
    let schedule = id(world.made("/v1/booking/schedules", json!({ "name": "Always", "hours": hours })).await);
    let host = json!({ "member": world.user, "timezone": "Asia/Riyadh", "schedule": schedule });
    let host = id(world.made("/v1/booking/hosts", host).await);
    let talk = json!({ "slug": "talk", "definition": { "en": { "title": "Talk" }, "hosts": [{ "host": host }] } });
    let talk = id(world.made("/v1/booking/event-types", talk).await);
    let from = (world.t.core.now().0 / 86_400_000_000 + 2) * 86_400_000_000;
    let at = |minutes: i64| kernel::Timestamp(from + minutes * 60_000_000).to_string();
    let hold = json!({ "event_type": talk, "start": at(0) });
    out.insert("booking-holds", id(world.made("/v1/booking/holds", hold).await));
    let attendee = json!({ "name": "Sara", "email": "sara@example.com" });
    let made = json!({ "event_type": talk, "start": at(30), "attendee": attendee });
    out.insert("bookings", id(world.made("/v1/booking/bookings", made).await));
    let away = json!({ "from": at(20 * 1440), "to": at(21 * 1440) });
    out.insert("absences", id(world.made(&format!("/v1/booking/hosts/{host}/absences"), away).await));
    let room = json!({ "name": "Room", "timezone": "Asia/Riyadh" });
    out.insert("booking-resources", id(world.made("/v1/booking/resources", room).await));
    out.insert("booking-schedules", schedule);
    out.insert("booking-hosts", host);
    out.insert("event-types", talk);
    out.insert("holidays", "nowhere".to_owned());
}

/// One thing of each kind, by the word in its path.
pub async fn things(world: &World) -> BTreeMap<&'static str, String> {
    let id = |json: serde_json::Value| json["id"].as_str().unwrap().to_owned();
    let content = json!({ "subject": "Hello", "html": HTML });
    let form = json!({ "name": "F", "topic": "News", "definition": {
        "fields": [{ "key": "email", "purpose": "marketing", "required": true, "label_en": "E", "label_ar": "ب" }],
        "en": { "title": "t", "consent": "c", "button": "b" }, "ar": { "title": "t", "consent": "c", "button": "b" } } });
    let contact = world.contact("sara@example.com").await;
    let topic = world.topic("News").await;
    let mut out = BTreeMap::from([("campaigns", world.campaign(&topic).await), ("contacts", contact.clone())]);
    let tagging = json!({ "ids": [contact], "action": "tag", "tags": ["vip"] });
    out.insert("bulk", id(world.made("/v1/contacts/bulk", tagging).await));
    out.insert("topics", topic);
    out.insert("tags", id(world.made("/v1/tags", json!({ "name": "vip" })).await));
    out.insert("forms", id(world.made("/v1/forms", form).await));
    out.insert("segments", id(world.made("/v1/segments", json!({ "name": "All", "where": {} })).await));
    out.insert("templates", id(world.made("/v1/templates", json!({ "name": "T", "content": content })).await));
    let kept = json!({ "kind": "block", "name": "Head", "design": crate::v1::designs::small() });
    out.insert("pieces", id(world.made("/v1/pieces", kept).await));
    let picture = world.owner.clone().send(axum::http::Method::POST, "/v1/images", PICTURE).await;
    out.insert("images", id(picture.json()));
    let hook = json!({ "url": "https://hooks.example.com/x", "kinds": ["*"] });
    out.insert("webhooks", id(world.made("/v1/webhooks", hook).await));
    let mut room = world.t.core.ctx(world.workspace, store::Actor::System).batch();
    let host: kernel::HostId = HOST.parse().unwrap();
    room.push(PUT_ROOM, params![world.workspace, host, world.t.core.now()]);
    let payment: kernel::PaymentId = world.t.core.ids.next();
    room.push(PUT_PAYMENT, params![world.workspace, payment, world.t.core.now()]);
    out.insert("balance", payment.to_string());
    world.t.core.db.apply(room).await.unwrap();
    let account = json!({ "host": HOST, "kind": "feed", "url": calendar_file().await });
    let account = world.made("/v1/booking/calendars/accounts", account).await;
    out.insert("calendars", id(account["calendars"][0].clone()));
    out.insert("calendar-accounts", id(account));
    let feed = json!({ "host": HOST, "detail": "busy" });
    out.insert("calendar-feeds", id(world.made("/v1/booking/calendars/feeds", feed).await));
    out.insert("calendar-suggestions", "bkg_00000000000000000000000001".to_owned());
    appointments(world, &mut out).await;
    let guest = json!({ "email": "guest@example.com", "role": "analyst" });
    out.insert("members", id(world.made("/v1/members", guest).await));
    out.insert("keys", id(world.made("/v1/keys", json!({ "name": "k", "scopes": ["tags:read"] })).await));
    world.made("/v1/fields", json!({ "label": "Plan", "kind": "text", "purpose": "service" })).await;
    out.insert("fields", "plan".to_owned());
    world.made("/v1/domains", json!({ "domain": "example.org" })).await;
    out.insert("domains", "example.org".to_owned());
    let path = "/v1/imports?topic=News&basis=consent&source=shop&collected_on=2026-01-01";
    let started = world.owner.clone().send(axum::http::Method::POST, path, "email\na@example.com\n").await;
    out.insert("imports", id(started.json()));
    let site = json!({ "name": "Shop", "design": { "hosts": ["shop.example"] } });
    out.insert("cookie-sites", id(world.made("/v1/cookie-sites", site).await));
    out.insert("erasures", contact.clone());
    let step = |days: u32| json!({ "wait_days": days, "content": content });
    let series = json!({ "name": "S", "from": "Nur <n@example.org>", "topic": "News", "steps": [step(0), step(3)] });
    out.insert("sequences", id(world.made("/v1/sequences", series).await));
    let text = json!({ "name": "Letters", "purpose": "marketing" });
    out.insert("assessments", id(world.made("/v1/privacy/assessments", text).await));
    let filing = json!({ "country": "US", "channel": "sms", "goal": "Offers", "samples": ["10 % off"] });
    out.insert("approvals", id(world.made("/v1/privacy/approvals", filing).await));
    let activity = json!({ "code": "62.10", "description": "Software" });
    out.insert("business-activities", id(world.made("/v1/privacy/business-activities", activity).await));
    let path = "/v1/privacy/screenings?country=AT&list=ecg&source=RTR&dated=2026-11-01";
    let listed = world.owner.clone().send(axum::http::Method::POST, path, "a@example.com\n").await;
    out.insert("screenings", id(listed.json()));
    out.insert("packs", "2026-01".to_owned());
    let asked = json!({ "type": "access", "subject": contact, "evidence": "passport seen" });
    out.insert("requests", id(world.made("/v1/privacy/requests", asked).await));
    out.insert("subjects", contact.clone());
    registers(world, &contact, &mut out).await;
    conversations(world, &mut out).await;
    let hold = json!({ "kind": "dispute", "class": "tax", "reason": "case" });
    out.insert("holds", id(world.made("/v1/privacy/holds", hold).await));
    let shorter = json!({ "classes": { "tax": { "period": "P1Y" } } });
    assert!(world.owner.put("/v1/privacy/retention", &shorter).await.status.is_success());
    let retention = world.owner.get("/v1/privacy/retention").await.json();
    out.insert("retention", id(retention["proposals"][0].clone()));
    out.insert("replies", reply(world).await);
    messaging(world, &mut out).await;
    let sender = json!({ "name": "Nur", "email": "news@example.org" });
    assert!(world.owner.put("/v1/sending/sender", &sender).await.status.is_success());
    out.insert("sending", id(world.made("/v1/sending/test", json!({ "to": OWNER })).await));
    out
}

/// A calendar on the web, for everybody who asks.
pub async fn calendar_file() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/feed.ics", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let body = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

/// One thing of each kind around conversations.
async fn conversations(world: &World, out: &mut BTreeMap<&'static str, String>) {
    let id = |json: &serde_json::Value| json["id"].as_str().unwrap().to_owned();
    let words = json!({ "en": "Hello", "ar": "مرحبا" });
    for (kind, body) in [
        ("groups", json!({ "name": "Support" })),
        ("canned-replies", json!({ "shortcut": "hi", "text": "Hello" })),
        ("bots", json!({ "name": "Barq", "articles": true })),
        ("articles", json!({ "state": "draft", "title": words, "text": words })),
        ("widgets", json!({ "name": "Site" })),
    ] {
        out.insert(kind, id(&world.made(&format!("/v1/{kind}"), body).await));
    }
    let greeting = json!({ "name": "G", "text": words, "once": "visit", "match": "all" });
    out.insert("greetings", id(&world.made(&format!("/v1/widgets/{}/greetings", out["widgets"]), greeting).await));
    let begun = super::chat::begin(world, &out["widgets"], "hello").await;
    out.insert("visitors", begun["visitor"].as_str().unwrap().to_owned());
    out.insert("conversations", id(&begun["conversation"]));
    out.insert("agents", world.user.to_string());
}

/// An answer that came in by mail.
async fn reply(world: &World) -> String {
    let raw = "From: sara@example.com\r\nTo: news@example.org\r\nSubject: Re\r\n\r\nWho are you?\r\n";
    let mail = Mail {
        from: "sara@example.com".to_owned(),
        recipients: vec!["news@example.org".to_owned()],
        raw: raw.as_bytes().to_vec(),
        peer: "127.0.0.1:25".parse().unwrap(),
    };
    mail::incoming::Inbound::new(world.t.core.clone()).store(mail).await.unwrap();
    world.t.core.db.one::<(EventId,)>(CAME_IN, params![world.workspace]).await.unwrap().0.to_string()
}

/// One thing of each register.
async fn registers(world: &World, contact: &str, out: &mut BTreeMap<&'static str, String>) {
    let id = |json: &serde_json::Value| json["id"].as_str().unwrap().to_owned();
    for (kind, body) in [
        ("processors", json!({ "name": "Relay", "location": "Germany" })),
        ("incidents", json!({ "kind": "breach", "details": { "title": "x" } })),
        ("authority-requests", json!({ "body": "Regional Court" })),
        ("documents", json!({ "kind": "dpa", "title": "x" })),
        ("purpose-reviews", json!({ "contact": contact, "before": "lead", "after": "customer" })),
    ] {
        out.insert(kind, id(&world.made(&format!("/v1/privacy/{kind}"), body).await));
    }
    let path = format!("/v1/privacy/incidents/{}/notices", out["incidents"]);
    out.insert("incident-notices", id(&world.made(&path, json!({ "audience": "authority" })).await));
    let notice = world.made("/v1/privacy/notices", json!({ "notice": "terms", "texts": { "en": "x" } })).await;
    out.insert("notice-versions", id(&notice["items"][0]));
    out.insert("notices", "terms".to_owned());
    let purpose = json!({ "code": "research", "name": "Research", "concept": "dpv:ResearchAndDevelopment",
        "retention": "comms.content", "basis": "consent" });
    world.made("/v1/privacy/purposes", purpose).await;
    out.insert("purposes", "research".to_owned());
}

testkit::each_engine! {
    async fn nothing_of_another_workspace_is_found(t: Fixture) {
        let world = World::new(t).await;
        let things = things(&world).await;
        let stranger = world.stranger().await;
        for operation in all() {
            if !operation.path.contains('{') || operation.browser || is_common(&operation.path) {
                continue;
            }
            let path = operation.filled(Some(&things[kind(&operation.path)]));
            let answer = operation.send(&stranger, &path).await;
            assert_eq!(answer.code().as_deref(), Some("not_found"), "{}: {} {}", operation.id, answer.status, answer.text());
        }
        for (path, kind) in [("/v1/contacts", "contacts"), ("/v1/tags", "tags"), ("/v1/topics", "topics"),
            ("/v1/campaigns", "campaigns"), ("/v1/images", "images"), ("/v1/webhooks", "webhooks"), ("/v1/imports", "imports"),
            ("/v1/privacy/assessments", "assessments"), ("/v1/privacy/approvals", "approvals"),
            ("/v1/privacy/business-activities", "activities"), ("/v1/privacy/screenings", "screenings")] {
            let answer = stranger.get(path).await;
            assert_eq!(answer.json()["items"], json!([]), "{kind}");
            assert!(!world.owner.get(path).await.json()["items"].as_array().unwrap().is_empty(), "{kind}");
        }
    }

    async fn what_is_named_in_bodies_is_not_found_either(t: Fixture) {
        let world = World::new(t).await;
        let things = things(&world).await;
        let stranger = world.stranger().await;
        let mine = stranger.post("/v1/contacts", &json!({ "email": "omar@example.net" })).await.json();
        let merge = format!("/v1/contacts/{}/merge", mine["id"].as_str().unwrap());
        refused(&stranger.post(&merge, &json!({ "duplicate": things["contacts"] })).await, "not_found", None);
        let campaign = |topic: &str, segment: Option<&String>| json!({ "name": "C", "from": "N <n@example.org>",
            "subject": "S", "html": HTML, "topic": topic, "segment": segment });
        refused(&stranger.post("/v1/campaigns", &campaign(&things["topics"], None)).await, "not_found", None);
        stranger.post("/v1/topics", &json!({ "name": "Mine" })).await;
        refused(&stranger.post("/v1/campaigns", &campaign("Mine", Some(&things["segments"]))).await, "not_found", None);
        let subscribe = json!({ "topic": things["topics"], "contact": { "email": "omar@example.net" } });
        refused(&stranger.post("/v1/subscribe", &subscribe).await, "not_found", None);
        let lookup = json!({ "email": "sara@example.com" });
        refused(&stranger.post("/v1/contacts/lookup", &lookup).await, "not_found", None);
        let preview = json!({ "content": { "subject": "S", "html": HTML }, "contact": things["contacts"] });
        refused(&stranger.post("/v1/content/preview", &preview).await, "not_found", None);
    }
}
