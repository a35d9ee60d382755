//! Chat apps against stubs of their servers, on both engines.

use std::sync::Arc;

use aws_lc_rs::hmac;
use kernel::{ChannelId, ContactId, DeliveryId, Phone};
use outbound::lines::{Attached, CAME_IN_QUEUE, CameIn, Carried, Carrier, Line, Parcel, Stands, Template, Words};
use outbound::webhooks::{Policy, SystemLookup};
use privacy::gate::Gate;
use serde_json::{Value as Json, json};
use store::Ctx;
use store::jobs::{self, Handler};
use telecom::chat_apps::channels::{self, NewChannel, Settings};
use telecom::chat_apps::line::AppLine;
use telecom::chat_apps::{App, Apps, MessageState, Posted, SendChats, challenge, find, take};
use testkit::Fixture;

use crate::stub::{Asked, Stub};

const LINA: &str = "966501234567";
const SECRET: &str = "app-secret";

struct House {
    ctx: Ctx,
    apps: Apps,
    line: AppLine,
    channel: ChannelId,
    app: App,
    stub: Stub,
}

#[expect(clippy::unnecessary_wraps, reason = "what a script answers is optional")]
fn ok(json: &Json) -> Option<(u16, Vec<u8>)> {
    Some((200, json.to_string().into_bytes()))
}

/// What the apps answer when all is well.
fn kind(asked: &Asked) -> Option<(u16, Vec<u8>)> {
    let path = asked.path.as_str();
    if path.ends_with("/media") {
        return ok(&json!({ "id": "media-1" }));
    }
    if path.contains("/getFile") {
        return ok(&json!({ "ok": true, "result": { "file_path": "photos/1.png" } }));
    }
    if path.contains("/setWebhook") || path.contains("/answerCallbackQuery") {
        return ok(&json!({ "ok": true, "result": true }));
    }
    if path.contains("/getMe") {
        return ok(&json!({ "ok": true, "result": { "username": "barid_bot" } }));
    }
    if path.contains("/bot") && path.contains("/send") {
        return ok(&json!({ "ok": true, "result": { "message_id": 77, "chat": { "id": 42 } } }));
    }
    if path.contains("?fields=") {
        return ok(&json!({ "display_phone_number": "+966 11 234 5678", "name": "Sender" }));
    }
    ok(&json!({ "messages": [{ "id": "wamid.1" }], "message_id": "m_1", "recipient_id": "55" }))
}

impl House {
    async fn new(t: &Fixture, app: App) -> Self {
        let ctx = t.workspace().await;
        let stub = Stub::start(kind).await;
        let policy = Policy::new(["127.0.0.1"]).unwrap();
        let apps = Apps::new(Gate::new(), policy, Arc::new(SystemLookup), "https://post.example").unwrap();
        let settings = Settings {
            account: if app == App::Telegram { String::new() } else { "1234567890".into() },
            business: (app == App::Whatsapp).then(|| "999".into()),
            api_base: Some(stub.url.clone()),
            ..Settings::default()
        };
        let new = NewChannel { app, name: "Main".into(), settings, token: "12:token".into(), secret: SECRET.into() };
        let channel = channels::add(&ctx, new).await.unwrap().id;
        Self { line: AppLine::new(apps.clone()), apps, ctx, channel, app, stub }
    }

    async fn posts(&self, body: &Json) -> Posted {
        let body = body.to_string();
        let signature = match self.app {
            App::Telegram => channels::access_of(&self.ctx, self.channel).await.unwrap().verify,
            _ => sign(SECRET, body.as_bytes()),
        };
        take(&self.apps, &self.ctx.core, (self.app, self.channel), &signature, body.as_bytes()).await.unwrap()
    }

    /// What came in, as conversations take it.
    async fn came(&self) -> Vec<CameIn> {
        let mut out = Vec::new();
        for job in jobs::claim(&self.ctx.core, CAME_IN_QUEUE, 50).await.unwrap() {
            let id = job.payload["message"].as_str().unwrap().parse().unwrap();
            out.push(self.line.came_in(&self.ctx, id).await.unwrap().unwrap());
        }
        out
    }

    fn parcel(&self, subject: ContactId, address: &str, words: Words) -> Parcel {
        let line =
            Line { channel: self.app.as_str().into(), account: self.channel.to_string(), address: address.into() };
        Parcel { id: self.ctx.id(), subject, line, words }
    }

    async fn says(&self, came: &CameIn, words: Words) -> (DeliveryId, Carried) {
        let parcel = self.parcel(came.subject, &came.line.address, words);
        let id = parcel.id;
        (id, self.line.carry(&self.ctx, parcel).await.unwrap())
    }

    async fn work(&self) {
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(SendChats::new(self.apps.clone()))];
        jobs::drain(&self.ctx.core, &handlers).await.unwrap();
    }

    async fn state(&self, id: DeliveryId) -> (MessageState, Option<String>) {
        let view = find(&self.ctx, id).await.unwrap();
        (view.state, view.reason)
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body);
    format!("sha256={}", data_encoding::HEXLOWER.encode(tag.as_ref()))
}

fn text(words: &str) -> Words {
    Words { text: words.into(), ..Words::default() }
}

fn whatsapp(value: &Json) -> Json {
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": "966112345678", "phone_number_id": "1234567890" });
    json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": "999", "changes": [{ "field": "messages", "value": value }] }] })
}

fn says(id: &str, words: &str) -> Json {
    whatsapp(&json!({
        "contacts": [{ "profile": { "name": "لينا" }, "wa_id": LINA }],
        "messages": [{ "from": LINA, "id": id, "timestamp": "1700000000", "type": "text", "text": { "body": words } }],
    }))
}

fn status(id: &str, status: &str) -> Json {
    let errors = if status == "failed" { json!([{ "code": 131_026, "title": "x" }]) } else { json!([]) };
    whatsapp(&json!({ "statuses": [{ "id": id, "status": status, "recipient_id": LINA, "errors": errors }] }))
}

testkit::each_engine! {
    async fn whatsapp_both_ways(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        assert_eq!(house.posts(&says("wamid.in", "مرحبا")).await, Posted::Taken);
        // The same post again, and another number's: nothing new.
        house.posts(&says("wamid.in", "مرحبا")).await;
        let mut foreign = says("wamid.x", "not ours");
        foreign["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = json!("5");
        house.posts(&foreign).await;
        let came = house.came().await;
        assert_eq!(came.len(), 1);
        let lina = people::contacts::by_phone(&house.ctx, &Phone::parse("+966501234567", None).unwrap()).await.unwrap();
        assert_eq!((came[0].contact, came[0].text.as_str(), came[0].name.as_deref()), (lina, "مرحبا", Some("لينا")));
        // The answer leaves as published, once per id.
        let parcel = house.parcel(came[0].subject, LINA, text("أهلا"));
        let id = parcel.id;
        assert_eq!(house.line.carry(&house.ctx, parcel.clone()).await.unwrap().state, Stands::Queued);
        house.line.carry(&house.ctx, parcel).await.unwrap();
        house.work().await;
        let asked = house.stub.to("/1234567890/messages");
        assert_eq!(asked.len(), 1);
        assert!(asked[0].head.contains("authorization: Bearer 12:token"), "{}", asked[0].head);
        assert_eq!(asked[0].json(), json!({ "messaging_product": "whatsapp", "recipient_type": "individual",
            "to": LINA, "type": "text", "text": { "preview_url": false, "body": "أهلا" } }));
        assert_eq!(house.state(id).await.0, MessageState::Sent);
        // States in any order, and twice.
        for told in ["delivered", "sent", "read", "delivered", "failed"] {
            house.posts(&status("wamid.1", told)).await;
        }
        assert_eq!(house.state(id).await, (MessageState::Read, None));
    }

    async fn what_is_told_before_the_answer_counts(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        house.posts(&says("wamid.in", "hello")).await;
        let came = house.came().await;
        house.posts(&status("wamid.1", "failed")).await;
        let (id, _) = house.says(&came[0], text("hi")).await;
        house.work().await;
        assert_eq!(house.state(id).await, (MessageState::Failed, Some("not_reachable".into())));
    }

    async fn forged_posts_leave_no_trace(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        let body = says("wamid.f", "forged").to_string();
        for signature in ["", "sha256=00", &sign("other", body.as_bytes()), &sign(SECRET, b"else")] {
            let took = take(&house.apps, &house.ctx.core, (App::Whatsapp, house.channel), signature, body.as_bytes()).await;
            assert_eq!(took.unwrap(), Posted::Forged);
        }
        let nobody: ChannelId = house.ctx.id();
        let good = sign(SECRET, body.as_bytes());
        for (app, id) in [(App::Whatsapp, nobody), (App::Messenger, house.channel)] {
            let took = take(&house.apps, &house.ctx.core, (app, id), &good, body.as_bytes()).await.unwrap();
            assert_eq!(took, Posted::Unknown);
        }
        let nonsense = b"{\"entry\":[{\"changes\":7}]}";
        let took = take(&house.apps, &house.ctx.core, (App::Whatsapp, house.channel), &sign(SECRET, nonsense), nonsense).await;
        assert_eq!(took.unwrap(), Posted::Taken);
        assert!(house.came().await.is_empty());
        assert_eq!(people::contacts::count(&house.ctx).await.unwrap(), 0);
        let verify = channels::access_of(&house.ctx, house.channel).await.unwrap().verify;
        assert!(challenge(&house.ctx.core, App::Whatsapp, house.channel, &verify).await.unwrap());
        assert!(!challenge(&house.ctx.core, App::Whatsapp, house.channel, "guess").await.unwrap());
        assert!(!challenge(&house.ctx.core, App::Messenger, house.channel, &verify).await.unwrap());
    }

    async fn after_a_day_only_a_template_leaves(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        house.posts(&says("wamid.in", "hello")).await;
        let came = house.came().await;
        let quote = house.line.quote(&house.ctx, &house.parcel(came[0].subject, LINA, text("x"))).await.unwrap();
        assert!(quote.refused.is_none() && quote.window_until.is_some(), "{quote:?}");
        // Said in time, and the day ends while it waits.
        house.stub.says(|_| Some((503, b"{\"error\":{\"code\":131016}}".to_vec())));
        let (late, _) = house.says(&came[0], text("soon")).await;
        house.work().await;
        assert_eq!(house.state(late).await, (MessageState::Queued, Some("app_unavailable".into())));
        house.stub.says(kind);
        t.clock.advance(24 * 3600 - 60);
        house.posts(&status("wamid.zz", "read")).await;
        t.clock.advance(120);
        house.work().await;
        assert!(matches!(house.state(late).await.0, MessageState::Failed | MessageState::Expired));
        let parcel = house.parcel(came[0].subject, LINA, text("x"));
        let quote = house.line.quote(&house.ctx, &parcel).await.unwrap();
        assert_eq!(quote.refused.unwrap().code, kernel::Code::WindowClosed);
        assert_eq!(house.line.carry(&house.ctx, parcel).await.unwrap_err().code, kernel::Code::WindowClosed);
        let template = Template { name: "order_left".into(), language: "ar".into(), parameters: vec!["7".into()] };
        let (id, _) = house.says(&came[0], Words { template: Some(template), ..text("طلبك 7 في الطريق") }).await;
        house.work().await;
        assert_eq!(house.state(id).await.0, MessageState::Sent);
        let body = house.stub.to("/messages").last().unwrap().json();
        assert_eq!(body["template"], json!({ "name": "order_left", "language": { "code": "ar" },
            "components": [{ "type": "body", "parameters": [{ "type": "text", "text": "7" }] }] }));
    }

    async fn limits_wait_the_token_pauses_and_what_may_have_left_is_not_repeated(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        house.posts(&says("wamid.in", "hello")).await;
        let came = house.came().await;
        let error = |code: i64| Some((400, json!({ "error": { "code": code } }).to_string().into_bytes()));
        house.stub.says(move |_| error(130_429));
        let (first, _) = house.says(&came[0], text("one")).await;
        let (second, _) = house.says(&came[0], text("two")).await;
        house.work().await;
        assert_eq!(house.state(first).await, (MessageState::Queued, Some("rate_limited".into())));
        assert_eq!(house.stub.to("/messages").len(), 1, "what stands behind waits");
        house.stub.says(move |_| error(190));
        t.clock.advance(60);
        house.work().await;
        assert_eq!(channels::get(&house.ctx, house.channel).await.unwrap().problem.as_deref(), Some("token"));
        house.stub.says(kind);
        t.clock.advance(600);
        house.work().await;
        assert_eq!((house.state(first).await.0, house.state(second).await.0), (MessageState::Sent, MessageState::Sent));
        let said: Vec<Json> = house.stub.to("/messages").iter().map(|asked| asked.json()["text"]["body"].clone()).collect();
        assert_eq!(said.last().unwrap(), "two");
        // The connection ends after the request: nobody knows, so it is not sent again.
        house.stub.says(|_| None);
        let (lost, _) = house.says(&came[0], text("three")).await;
        let before = house.stub.to("/messages").len();
        house.work().await;
        assert_eq!(house.state(lost).await, (MessageState::InDoubt, Some("response_lost".into())));
        let sent = house.stub.to("/messages").len();
        assert!((before + 1..=before + 2).contains(&sent), "the client may try a connection that was kept open anew");
        t.clock.advance(3600);
        house.work().await;
        assert_eq!(house.stub.to("/messages").len(), sent);
    }

    async fn files_go_up_first_and_come_down_sealed(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        let url = format!("{}/lookaside/1", house.stub.url);
        let picture = b"\x89PNG\r\n\x1a\npicture".to_vec();
        let octets = picture.clone();
        house.stub.says(move |asked| {
            if asked.path.starts_with("/lookaside/") {
                return Some((200, octets.clone()));
            }
            if asked.path == "/media-in" {
                return ok(&json!({ "url": url, "mime_type": "image/png" }));
            }
            kind(asked)
        });
        let body = whatsapp(&json!({ "messages": [{ "from": LINA, "id": "wamid.pic", "type": "image",
            "image": { "id": "media-in", "mime_type": "image/png", "caption": "see" } }] }));
        house.posts(&body).await;
        let came = house.came().await;
        assert_eq!((came[0].text.as_str(), came[0].files[0].bytes.as_slice()), ("see", picture.as_slice()));
        let file = Attached { name: "a.png".into(), media_type: "image/png".into(), bytes: picture.clone() };
        let (id, _) = house.says(&came[0], Words { file: Some(file), ..text("here") }).await;
        house.work().await;
        assert_eq!(house.state(id).await.0, MessageState::Sent);
        let up = house.stub.to("/1234567890/media").remove(0);
        assert!(up.head.contains("multipart/form-data; boundary=barid-"), "{}", up.head);
        assert!(up.text().contains("filename=\"a.png\"") && up.text().contains("picture"));
        assert_eq!(house.stub.to("/messages")[0].json()["image"], json!({ "id": "media-1", "caption": "here" }));
        // A host that nobody named is not contacted, and the words come all the same.
        house.stub.says(|asked| match asked.path.as_str() {
            "/media-far" => ok(&json!({ "url": "http://169.254.169.254/latest" })),
            _ => kind(asked),
        });
        let mut far = body.clone();
        far["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = json!("wamid.far");
        far["entry"][0]["changes"][0]["value"]["messages"][0]["image"]["id"] = json!("media-far");
        house.posts(&far).await;
        let came = house.came().await;
        assert!(came[0].files.is_empty());
        assert_eq!(came[0].notes["file_missing"], "host_not_allowed");
    }

    async fn a_stop_is_a_withdrawal_and_ends_what_is_open(t: Fixture) {
        let house = House::new(&t, App::Whatsapp).await;
        house.posts(&says("wamid.1", "hello")).await;
        house.posts(&says("wamid.2", "STOP")).await;
        let came = house.came().await;
        assert!(came.iter().any(|one| one.stop));
        let keys = house.ctx.keys().await.unwrap();
        let phone = Phone::parse("+966501234567", None).unwrap();
        let hash = privacy::suppression::phone_hash(&keys, &phone);
        let found = privacy::suppression::check(&house.ctx, &[hash]).await.unwrap();
        assert_eq!(found[0].len(), 1, "{found:?}");
    }

    async fn telegram_both_ways(t: Fixture) {
        let house = House::new(&t, App::Telegram).await;
        let tested = house.apps.test(&house.ctx, house.channel).await.unwrap();
        assert_eq!((tested.problem, tested.settings.shown.as_deref()), (None, Some("barid_bot")));
        let hook = house.stub.to("/bot12:token/setWebhook").remove(0).json();
        assert_eq!(hook["url"], format!("https://post.example/in/telegram/{}", house.channel));
        assert_eq!(hook["secret_token"].as_str().unwrap().len(), 48);
        let person = json!({ "id": 42, "is_bot": false, "first_name": "Omar", "language_code": "ar" });
        let chat = json!({ "id": 42, "type": "private" });
        let update = json!({ "update_id": 1, "message": { "message_id": 5, "from": person, "chat": chat, "text": "hi" } });
        house.posts(&update).await;
        house.posts(&update).await;
        let group = json!({ "update_id": 2, "message": { "message_id": 6, "from": person,
            "chat": { "id": -5, "type": "group" }, "text": "hi all" } });
        house.posts(&group).await;
        let came = house.came().await;
        assert_eq!(came.len(), 1);
        assert_eq!((came[0].contact, came[0].name.as_deref(), came[0].language.as_deref()), (None, Some("Omar"), Some("ar")));
        let choices = vec![("Yes".to_owned(), "y".to_owned()), ("No".to_owned(), "n".to_owned())];
        let (id, _) = house.says(&came[0], Words { choices, ..text("Shall we?") }).await;
        house.work().await;
        assert_eq!(house.state(id).await.0, MessageState::Sent);
        let sent = house.stub.to("/bot12:token/sendMessage").remove(0).json();
        assert_eq!((&sent["chat_id"], &sent["text"]), (&json!("42"), &json!("Shall we?")));
        assert_eq!(sent["reply_markup"]["inline_keyboard"][1][0]["callback_data"], "n");
        let press = json!({ "update_id": 3, "callback_query": { "id": "991", "from": person, "data": "n",
            "message": { "message_id": 77, "chat": chat, "reply_markup": sent["reply_markup"] } } });
        house.posts(&press).await;
        let came = house.came().await;
        assert_eq!((came[0].text.as_str(), came[0].choice.as_deref()), ("No", Some("n")));
        assert_eq!(house.stub.to("/answerCallbackQuery").len(), 1);
        // It says how long to wait, and a block by the person is the end.
        house.stub.says(|_| {
            let told = json!({ "ok": false, "error_code": 429, "description": "Too Many", "parameters": { "retry_after": 120 } });
            Some((429, told.to_string().into_bytes()))
        });
        let (slow, _) = house.says(&came[0], text("slow")).await;
        house.work().await;
        t.clock.advance(119);
        house.stub.says(|_| Some((403, json!({ "ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user" }).to_string().into_bytes())));
        house.work().await;
        assert_eq!(house.state(slow).await, (MessageState::Queued, Some("rate_limited".into())));
        t.clock.advance(1);
        house.work().await;
        assert_eq!(house.state(slow).await, (MessageState::Failed, Some("blocked_by_person".into())));
    }

    async fn messenger_both_ways(t: Fixture) {
        let house = House::new(&t, App::Messenger).await;
        let event = |event: &Json| {
            let mut event = event.clone();
            event["sender"] = json!({ "id": "55" });
            event["recipient"] = json!({ "id": "1234567890" });
            json!({ "object": "page", "entry": [{ "id": "1234567890", "time": 1, "messaging": [event] }] })
        };
        house.posts(&event(&json!({ "timestamp": 1, "message": { "mid": "m_in", "text": "hello" } }))).await;
        house.posts(&event(&json!({ "timestamp": 1, "message": { "mid": "m_echo", "text": "ours", "is_echo": true } }))).await;
        let came = house.came().await;
        assert_eq!((came.len(), came[0].text.as_str()), (1, "hello"));
        let (id, _) = house.says(&came[0], text("good day")).await;
        house.work().await;
        let sent = house.stub.to("/1234567890/messages").remove(0).json();
        assert_eq!(sent, json!({ "recipient": { "id": "55" }, "messaging_type": "RESPONSE", "message": { "text": "good day" } }));
        let now = house.ctx.now().0 / 1000;
        house.posts(&event(&json!({ "delivery": { "mids": ["m_1"], "watermark": now } }))).await;
        assert_eq!(house.state(id).await.0, MessageState::Delivered);
        house.posts(&event(&json!({ "read": { "watermark": now } }))).await;
        assert_eq!(house.state(id).await.0, MessageState::Read);
        // After a day only a human may answer, where the app has granted that.
        t.clock.advance(25 * 3600);
        let parcel = house.parcel(came[0].subject, "55", text("late"));
        assert_eq!(house.line.carry(&house.ctx, parcel.clone()).await.unwrap_err().code, kernel::Code::WindowClosed);
        let before = channels::get(&house.ctx, house.channel).await.unwrap().settings;
        let granted = channels::Change { settings: Some(Settings { human_agent: true, ..before }), ..channels::Change::default() };
        channels::change(&house.ctx, house.channel, granted).await.unwrap();
        house.line.carry(&house.ctx, parcel).await.unwrap();
        house.work().await;
        let sent = house.stub.to("/messages").last().unwrap().json();
        assert_eq!((&sent["messaging_type"], &sent["tag"]), (&json!("MESSAGE_TAG"), &json!("HUMAN_AGENT")));
    }
}

proptest::proptest! {
    #[test]
    fn no_post_of_any_shape_makes_anything_fail(text in "\\PC{0,200}", cut in 0usize..400) {
        use telecom::chat_apps::wire::{messenger, telegram, whatsapp as wire};
        let whole = says("wamid.x", &text).to_string();
        let part: String = whole.chars().take(cut).collect();
        for body in [whole, part, text] {
            let json: Json = serde_json::from_str(&body).unwrap_or_default();
            let _ = (wire::read(&json, "1234567890"), messenger::read(&json, "1"), telegram::read(&json));
            let _ = (wire::reply(400, &json), messenger::reply(200, &json), telegram::reply(500, &json));
        }
    }
}
