//! What chats, appointments and messages hold about one person: canaries for the access answer.

use booking::offer::{Wanted, offer};
use booking::reservations::{Attendee, Booked, Filled, book};
use calls::flows::Flow;
use calls::trunks;
use calls::verify::NewVerification;
use calls::voice::{self, NewCall, Said};
use conversations::chat::{self, Start};
use conversations::hub::Hub;
use conversations::visitors::Profile;
use kernel::{ContactId, Locale, Phone, RecordingId, Timestamp, VisitorId};
use outbound::lines::{Carrier as _, Line, Parcel, Words};
use people::subscribe::Proof;
use privacy::vocabulary::BasisKind;
use serde_json::json;
use store::{Actor, params};
use telecom::chat_apps::line::AppLine;
use telecom::chat_apps::{self, channels};
use telecom::messages::{Incoming, NewMessage, accept};
use telecom::smpp::{Address, Message};
use telecom::sms::TonNpi;
use telecom::{routes, senders, settings};

use super::world::World;

store::sql! {
    PUT_RECORDING = "INSERT INTO call_recording (workspace, id, call, contact, seconds, ended, created_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PUT_METHOD = "INSERT INTO payment_method (workspace, id, state, kind, subject, consent, consented_at, attempts, created_at, changed_at)
        VALUES ($1, $2, 'active', 'card', $3, $4, $5, 0, $5, $5)";
    PUT_SETTING = "INSERT INTO recharge_setting (workspace, enabled, floor, amount, cap, currency, subject, consent, consented_at, failures, updated_at)
        VALUES ($1, $2, 1, 2, 3, 'EUR', $3, $4, $5, 0, $5)";
    PUT_RECHARGE = "INSERT INTO recharge (workspace, id, kind, state, amount, currency, made_by, subject, consent, consented_at, attempts, created_at)
        VALUES ($1, $2, 'auto', 'paid', 2, 'EUR', 'system', $3, $4, $5, 0, $5)";
}

/// The words that stand in them.
pub const CANARIES: [&str; 13] = [
    "CanaryChat",
    "CanaryVisitor",
    "canary-file.png",
    "CanaryGuest",
    "CanaryBookingAnswer",
    "CanarySms",
    "CanaryLink",
    "CanaryInbound",
    "CanaryVerification",
    "CanaryAppIn",
    "CanaryAppOut",
    "CanaryAppName",
    "CanaryCall",
];

/// Puts them; the person has this address and this number.
pub async fn put(world: &World, who: ContactId, email: &str, phone: &str) {
    chatted(world, who).await;
    booked(world, email).await;
    messages(world, phone).await;
    apps(world, phone).await;
    called(world, who, phone).await;
    agreed(world, who).await;
}

/// A member who is the person agreed to recharging.
async fn agreed(world: &World, who: ContactId) {
    let ctx = &world.ctx;
    let (consent, now) = (ctx.id::<kernel::EventId>(), ctx.now());
    let mut batch = ctx.batch();
    batch.push(PUT_METHOD, params![ctx.workspace, ctx.id::<kernel::PaymentId>(), who, consent, now]);
    batch.push(PUT_SETTING, params![ctx.workspace, true, who, consent, now]);
    batch.push(PUT_RECHARGE, params![ctx.workspace, ctx.id::<kernel::PaymentId>(), who, consent, now]);
    ctx.db.apply(batch).await.unwrap();
}

/// Somebody is called, and what they said is recorded.
async fn called(world: &World, who: ContactId, phone: &str) {
    let ctx = &world.ctx;
    let rules = trunks::Rules { caller_ids: vec!["+966112345678".to_owned()], ..trunks::Rules::default() };
    trunks::add(ctx, "Main", &rules, &serde_json::from_value(json!({ "host": "127.0.0.1", "port": 9 })).unwrap())
        .await
        .unwrap();
    let open = calls::settings::Settings { countries: ["SA".to_owned()].into(), ..Default::default() };
    calls::settings::put(ctx, &open).await.unwrap();
    let flow = Flow::read(&json!({ "steps": [{ "action": "say", "text": "CanaryCall" }] })).unwrap();
    let said = Said::Flow(Box::new(flow));
    let new = NewCall {
        basis: Some(BasisKind::Contract),
        trial: true,
        ..NewCall::new(Phone::parse(phone, None).unwrap(), said)
    };
    let call = voice::accept(&world.app.voice, ctx, new).await.unwrap();
    let id: RecordingId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(PUT_RECORDING, params![ctx.workspace, id, call.id, who, 1, "full", ctx.now(), &[1u8, 2][..]]);
    ctx.db.apply(batch).await.unwrap();
}

async fn chatted(world: &World, who: ContactId) {
    let (hub, visitor): (Hub, VisitorId) = (Hub::new(), world.ctx.id());
    let person = world.ctx.core.ctx(world.ctx.workspace, Actor::Person);
    let wanted = serde_json::from_value(json!({ "origins": ["https://shop.example"] })).unwrap();
    let widget = conversations::widgets::create(&world.ctx, "Shop", &wanted).await.unwrap();
    let start = Start {
        client: "start".to_owned(),
        filled: None,
        text: Some("CanaryChat".to_owned()),
        profile: Profile { name: Some("CanaryVisitor".to_owned()), ..Profile::default() },
        page: None,
        group: None,
    };
    let row = chat::start(&person, &hub, &widget, visitor, start).await.unwrap().0;
    let upload = conversations::files::Upload {
        name: "canary-file.png",
        declared: None,
        bytes: crate::v1::operations::PICTURE,
        by_agent: false,
    };
    conversations::files::keep(&person, &row, &conversations::widgets::FileRules::default(), upload, false)
        .await
        .unwrap();
    conversations::visitors::link_contact(&world.ctx, &hub, visitor, who).await.unwrap();
}

async fn booked(world: &World, email: &str) {
    let ctx = &world.ctx;
    let owner = accounts::members::list(ctx, None, 1).await.unwrap().remove(0).user;
    booking::samples::load(ctx, &[owner], "Asia/Riyadh").await.unwrap();
    let of = booking::event_types::by_slug(ctx, "sample-first").await.unwrap();
    let free = offer(ctx, &of, &Wanted::between(ctx.now(), ctx.now().plus_micros(20 * Timestamp::DAY))).await.unwrap();
    let wanted = Booked {
        start: Timestamp(free.answer.starts.last().unwrap().at),
        duration: None,
        host: None,
        hold: None,
        attendee: Attendee {
            name: "CanaryGuest".to_owned(),
            email: email.parse().unwrap(),
            phone: None,
            timezone: "Asia/Riyadh".to_owned(),
            language: Locale::ar(),
        },
        filled: Filled {
            location: Some(0),
            answers: [("topic".to_owned(), json!("CanaryBookingAnswer"))].into(),
            ..Filled::default()
        },
        marketing: false,
        proof: Proof::default(),
        source: "page",
    };
    book(ctx, None, &of, wanted).await.unwrap();
}

async fn messages(world: &World, phone: &str) {
    let (ctx, sms) = (&world.ctx, &world.app.sms);
    let allowed = settings::Settings { countries: ["SA".to_owned()].into(), ..settings::Settings::default() };
    settings::put(ctx, &allowed).await.unwrap();
    senders::add(ctx, &"+966112345678".parse().unwrap(), &senders::Rules::default()).await.unwrap();
    let to = Phone::parse(phone, None).unwrap();
    let new = NewMessage {
        shorten: true,
        basis: Some(BasisKind::Contract),
        trial: true,
        ..NewMessage::new(to, "CanarySms https://shop.example/CanaryLink")
    };
    accept(sms, ctx, new).await.unwrap();
    let reference = Some("CanaryVerification".to_owned());
    let code = NewVerification { to: phone.to_owned(), reference, trial: true, ..NewVerification::default() };
    world.app.verify.begin(ctx, code).await.unwrap();
    let access = json!({ "host": "127.0.0.1", "port": 9, "system_id": "barid", "password": "x" });
    let route =
        routes::add(ctx, "main", routes::Rules::default(), &serde_json::from_value(access).unwrap()).await.unwrap();
    let written = Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: phone.trim_start_matches('+').into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: "966112345678".into() },
        short_message: b"CanaryInbound".to_vec(),
        ..Message::default()
    };
    Incoming::new(sms.clone(), ctx.clone(), route).take(&written).await.unwrap();
}

/// Somebody writes over WhatsApp and is answered.
async fn apps(world: &World, phone: &str) {
    let ctx = &world.ctx;
    let policy = outbound::webhooks::Policy::new(["127.0.0.1"]).unwrap();
    let lookup = std::sync::Arc::new(outbound::webhooks::SystemLookup);
    let apps = chat_apps::Apps::new(privacy::gate::Gate::new(), policy, lookup, "http://127.0.0.1").unwrap();
    let settings = channels::Settings {
        account: "12345".into(),
        api_base: Some("http://127.0.0.1:9".into()),
        ..channels::Settings::default()
    };
    let app = chat_apps::App::Whatsapp;
    let new = channels::NewChannel { app, name: "W".into(), settings, token: "t".into(), secret: "s".into() };
    let channel = channels::add(ctx, new).await.unwrap().id;
    let digits = phone.trim_start_matches('+');
    let body = json!({ "entry": [{ "changes": [{ "field": "messages", "value": {
        "metadata": { "phone_number_id": "12345" },
        "contacts": [{ "wa_id": digits, "profile": { "name": "CanaryAppName" } }],
        "messages": [{ "id": "wamid.c", "from": digits, "type": "text", "text": { "body": "CanaryAppIn" } }],
    } }] }] })
    .to_string();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"s");
    let tag = data_encoding::HEXLOWER.encode(aws_lc_rs::hmac::sign(&key, body.as_bytes()).as_ref());
    let posted = chat_apps::take(&apps, &ctx.core, (app, channel), &format!("sha256={tag}"), body.as_bytes()).await;
    assert_eq!(posted.unwrap(), chat_apps::Posted::Taken);
    let phone = Phone::parse(phone, None).unwrap();
    let subject = people::contacts::by_phone(ctx, &phone).await.unwrap().unwrap();
    let line = Line { channel: "whatsapp".into(), account: channel.to_string(), address: digits.into() };
    let words = Words { text: "CanaryAppOut".into(), ..Words::default() };
    let parcel = Parcel { id: ctx.id(), subject, line, words };
    AppLine::new(apps).carry(ctx, parcel).await.unwrap();
}
