//! Bookings through the API: who sees which, how they are paid, where they come from.

use std::sync::Arc;

use accounts::members::Role;
use api::booking_jobs::{CancelAppointments, SmsReminders, call_off_by_mail};
use axum::http::StatusCode;
use kernel::ContactId;
use serde_json::{Value as Json, json};
use store::jobs::{self, Handler};
use telecom::messages::CallsOff as _;
use testkit::Fixture;

use super::app::colleague;
use super::world::{World, refused};

const PROVIDER: &str = "/v1/booking/payment-provider";
const BOOKINGS: &str = "/v1/booking/bookings";

/// A host who is this member, and something to book with them.
async fn host(world: &World, member: &str, slug: &str) -> (String, String) {
    let hours =
        json!({ "timezone": "UTC", "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00" }] });
    let schedule = world.made("/v1/booking/schedules", json!({ "name": "Always", "hours": hours })).await;
    let host = json!({ "member": member, "timezone": "UTC", "schedule": schedule["id"] });
    let host = world.made("/v1/booking/hosts", host).await["id"].as_str().unwrap().to_owned();
    let talk = json!({ "slug": slug, "definition": { "en": { "title": slug }, "min_notice": 0, "hosts": [{ "host": host }] } });
    let talk = world.made("/v1/booking/event-types", talk).await["id"].as_str().unwrap().to_owned();
    (host, talk)
}

async fn members(world: &World) -> Vec<Json> {
    world.owner.get("/v1/members").await.json()["items"].as_array().unwrap().clone()
}

fn booking(of: &str, start: &str) -> Json {
    let attendee = json!({ "name": "Lina", "email": "lina@guest.example", "timezone": "Asia/Beirut" });
    json!({ "event_type": of, "start": start, "attendee": attendee })
}

testkit::each_engine! {
    async fn members_see_their_own_bookings_and_managers_all(t: Fixture) {
        let world = World::new(t).await;
        let agent = colleague(&world, "layla@example.net", "agent").await;
        let all = members(&world).await;
        let of = |role: &str| all.iter().find(|one| one["role"] == role).unwrap()["user"].as_str().unwrap().to_owned();
        let (_, owners) = host(&world, &of("owner"), "owners").await;
        let theirs = world.made(BOOKINGS, booking(&owners, "2026-12-01T09:00:00Z")).await;
        assert_eq!(agent.get(BOOKINGS).await.json()["items"], json!([]), "who receives nobody sees nobody");
        let (_, agents) = host(&world, &of("agent"), "agents").await;
        let own = world.made(BOOKINGS, booking(&agents, "2026-12-01T10:00:00Z")).await;
        let ids = |answer: Json| -> Vec<Json> {
            answer["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
        };
        assert_eq!(ids(agent.get(BOOKINGS).await.json()), [own["id"].clone()]);
        assert_eq!(ids(world.owner.get(BOOKINGS).await.json()), [theirs["id"].clone(), own["id"].clone()]);
        let path = |one: &Json, verb: &str| format!("{BOOKINGS}/{}{verb}", one["id"].as_str().unwrap());
        for verb in ["/cancel", "/decline"] {
            refused(&agent.post(&path(&theirs, verb), &json!({})).await, "not_found", None);
        }
        refused(&agent.get(&path(&theirs, "")).await, "not_found", None);
        refused(&agent.post(&path(&theirs, "/approve"), &json!({})).await, "not_found", None);
        refused(&agent.post(&path(&own, "/refund"), &json!({})).await, "forbidden", None);
        assert_eq!(agent.post(&path(&own, "/cancel"), &json!({ "reason": "ill" })).await.status, StatusCode::OK);
        refused(&world.owner.post(&path(&theirs, "/refund"), &json!({})).await, "conflict", None);
        // A key is no person: it sees what its maker let it see.
        let key = world.role(Role::Agent).await;
        assert_eq!(ids(key.get(BOOKINGS).await.json()).len(), 2);
    }

    async fn the_provider_is_connected_and_its_keys_never_come_back(t: Fixture) {
        let world = World::new(t).await;
        let before = world.owner.get(PROVIDER).await.json();
        assert_eq!((&before["connected"], &before["api_base"]), (&json!(false), &json!("https://api.stripe.com/")));
        assert!(before["webhook_url"].as_str().unwrap().ends_with("/webhook"), "{before}");
        refused(&world.owner.put(PROVIDER, &json!({ "secret_key": "sk_test_1" })).await, "invalid_input", Some("webhook_secret"));
        refused(&world.owner.put(PROVIDER, &json!({ "provider": "cash" })).await, "invalid_input", Some("provider"));
        let keys = json!({ "secret_key": "sk_test_canary", "webhook_secret": "whsec_canary" });
        let elsewhere = json!({ "secret_key": "a", "webhook_secret": "b", "api_base": "https://evil.example/" });
        refused(&world.owner.put(PROVIDER, &elsewhere).await, "invalid_input", Some("api_base"));
        let answer = world.owner.put(PROVIDER, &keys).await;
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        let made = answer.json();
        assert_eq!((&made["connected"], &made["test"], &made["has_secret_key"]), (&json!(true), &json!(true), &json!(true)));
        assert_eq!(world.owner.get(PROVIDER).await.json(), made);
        let agent = world.role(Role::Agent).await;
        refused(&agent.put(PROVIDER, &keys).await, "forbidden", None);
        assert_eq!(agent.get(PROVIDER).await.status, StatusCode::OK);
        assert_eq!(world.owner.delete(PROVIDER).await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.owner.get(PROVIDER).await.json()["connected"], json!(false));
    }

    async fn a_number_given_for_it_is_reminded_by_sms(t: Fixture) {
        let world = World::new(t).await;
        let open = json!({ "countries": ["SA"], "parts": 10, "parts_a_day": null, "parts_a_day_by_country": null,
            "parts_a_day_by_block": null });
        assert!(world.owner.put("/v1/messages/settings", &open).await.status.is_success());
        world.made("/v1/originators", json!({ "value": "+966112345678" })).await;
        let price = json!({ "items": [{ "service": "sms", "country": "SA", "amount_micros": 40_000 }] });
        assert!(world.owner.put("/v1/prices", &price).await.status.is_success());
        world.made("/v1/balance/top-ups", json!({ "amount_micros": 1_000_000 })).await;
        let owner = members(&world).await[0]["user"].as_str().unwrap().to_owned();
        let (host, _) = host(&world, &owner, "plain").await;
        let definition = json!({ "en": { "title": "Talk" }, "min_notice": 0, "hosts": [{ "host": host }], "sms_reminders": [60] });
        let of = world.made("/v1/booking/event-types", json!({ "slug": "talk", "definition": definition })).await;
        let mut wanted = booking(of["id"].as_str().unwrap(), "2026-12-01T09:00:00Z");
        wanted["attendee"]["phone"] = json!("+966501234567");
        let made = world.made(BOOKINGS, wanted).await;
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(SmsReminders::new(world.app.sms.clone()))];
        let sent = async || {
            jobs::drain(&world.t.core, &handlers).await.unwrap();
            world.owner.get("/v1/messages").await.json()["items"].as_array().unwrap().clone()
        };
        assert!(sent().await.is_empty(), "not yet");
        world.t.clock.set("2026-12-01T08:00:00Z".parse().unwrap());
        let found = sent().await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0]["purpose"], &found[0]["contact"]), (&json!("service"), &made["contact"]), "nobody new is made of it");
        assert_eq!(sent().await.len(), 1);
        // "Cancel" below it calls the appointment off: for its attendee alone, by message and by mail, and once.
        let ctx = world.ctx();
        let id = made["id"].as_str().unwrap();
        let who: ContactId = made["contact"].as_str().unwrap().parse().unwrap();
        assert_eq!(CancelAppointments.call_off(&ctx, ctx.id(), id).await.unwrap(), None);
        assert_eq!(CancelAppointments.call_off(&ctx, who, "order 7").await.unwrap(), None);
        let done = CancelAppointments.call_off(&ctx, who, id).await.unwrap().unwrap();
        assert!(done.settled && done.answer.as_deref().is_some_and(|text| text.contains("“Talk”")), "{done:?}");
        assert_eq!(world.owner.get(&format!("{BOOKINGS}/{id}")).await.json()["state"], json!("cancelled"));
        let again = CancelAppointments.call_off(&ctx, who, id).await.unwrap().unwrap();
        assert_eq!((again.settled, again.answer), (true, None));
        assert_eq!(call_off_by_mail(&ctx, ctx.id(), who).await.unwrap(), None, "a mail about no appointment");
    }

    async fn what_was_booked_elsewhere_comes_over_the_api(t: Fixture) {
        let world = World::new(t).await;
        let owner = members(&world).await[0]["user"].as_str().unwrap().to_owned();
        let (host, _) = host(&world, &owner, "here").await;
        let types = json!({ "collection": [{ "uri": "https://api.calendly.com/event_types/A", "name": "Intro", "duration": 30 }] });
        let events = "Invitee Name,Invitee Email,Event Type Name,Start Date & Time,End Date & Time,Invitee UUID\n\
            Lina,lina@guest.example,Intro,2026-10-01 09:00,2026-10-01 09:30,u-1\nX,nobody,Intro,2026-10-01 09:00,2026-10-01 09:30,u-2\n";
        let mut body = json!({ "events": events, "event_types": types.to_string(), "host": host, "timezone": "Asia/Riyadh", "dry_run": true });
        let look = world.owner.post("/v1/booking/import", &body).await.json();
        assert_eq!((&look["bookings"]["new"], &look["bookings"]["rejected"]), (&json!(1), &json!(1)), "{look}");
        assert_eq!(look["rejected"][0]["line"], json!(3));
        body["dry_run"] = json!(false);
        let done = world.owner.post("/v1/booking/import", &body).await.json();
        assert_eq!((&done["event_types"]["new"], &done["bookings"]["new"]), (&json!(1), &json!(1)), "{done}");
        let again = world.owner.post("/v1/booking/import", &body).await.json();
        assert_eq!((&again["event_types"]["known"], &again["bookings"]["known"]), (&json!(1), &json!(1)), "{again}");
        let listed = world.owner.get(&format!("{BOOKINGS}?from=2026-09-30T00:00:00Z")).await.json();
        assert_eq!((&listed["items"][0]["source"], &listed["items"][0]["start"]), (&json!("import"), &json!("2026-10-01T06:00:00Z")));
        refused(&world.owner.post("/v1/booking/import", &json!({ "events": "a\n" })).await, "invalid_input", Some("events"));
    }

    async fn samples_hold_appointments_and_take_them_along(t: Fixture) {
        let world = World::new(t).await;
        assert_eq!(world.owner.post("/v1/samples", &json!({})).await.status, StatusCode::ACCEPTED);
        let types = world.owner.get("/v1/booking/event-types").await.json();
        assert_eq!(types["items"].as_array().unwrap().len(), 3);
        assert!(types["items"].as_array().unwrap().iter().all(|one| one["definition"]["payment"].is_null()));
        let there = world.owner.get(BOOKINGS).await.json()["items"].as_array().unwrap().len();
        assert!(there >= 5, "{there}");
        world.work().await;
        let removed = world.owner.delete("/v1/samples").await.json();
        assert_eq!(removed["bookings"], json!(there));
        assert_eq!(world.owner.get(BOOKINGS).await.json()["items"], json!([]));
        world.owner.post("/v1/samples", &json!({})).await;
        assert!(!world.owner.get(BOOKINGS).await.json()["items"].as_array().unwrap().is_empty(), "and come again");
    }

    async fn webhooks_may_speak_as_appointlet(t: Fixture) {
        let world = World::new(t).await;
        let hook = json!({ "url": "https://hooks.example/x", "kinds": ["booking.confirmed"], "shape": "appointlet" });
        let made = world.made("/v1/webhooks", hook).await;
        assert_eq!(made["shape"], json!("appointlet"));
        let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
        refused(&world.owner.patch(&path, &json!({ "kinds": ["contact.created"] })).await, "invalid_input", Some("kinds"));
        let plain = world.owner.patch(&path, &json!({ "shape": "barid", "kinds": ["contact.created"] })).await.json();
        assert_eq!((&plain["shape"], &plain["kinds"]), (&json!("barid"), &json!(["contact.created"])));
        refused(&world.owner.patch(&path, &json!({ "shape": "appointlet" })).await, "invalid_input", Some("kinds"));
    }
}
