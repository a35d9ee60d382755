//! The booking pages: what visitors see, what GET never does, and what becomes of hostile input.

use std::net::SocketAddr;
use std::sync::Arc;

use accounts::members;
use aws_lc_rs::hmac;
use axum::Extension;
use axum::http::Method;
use billing::payment::accounts::Connect;
use booking::event_types::{self, EventType, TypeState};
use booking::model::{Definition, Hours, Location, MarketingOffer, Payment, Question, QuestionKind, Texts, TypeHost};
use booking::reservations::{self, Attendee, Booked, Booking, By, Filled, State};
use booking::tokens::{self, Act};
use booking::{hosts, schedules};
use http_server::Peer;
use http_server::testing::{Answer, TestClient};
use kernel::{Email, Locale, Timestamp};
use parking_lot::Mutex;
use people::contacts;
use people::subscribe::Proof;
use serde_json::json;
use store::Ctx;
use testkit::Fixture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::world::World;
use super::{percent, submit};

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=y>\u{202e}";

/// A day about three weeks ahead, in Riyadh.
fn day(world: &World) -> String {
    let date = world.ctx.now().plus_micros(20 * Timestamp::DAY).date();
    date.to_string()
}

fn question(key: &str, kind: QuestionKind, required: bool) -> Question {
    Question {
        key: key.into(),
        kind,
        label_en: format!("Question {key}"),
        label_ar: format!("سؤال {key}"),
        options: if matches!(kind, QuestionKind::Choice | QuestionKind::Choices) {
            vec!["One".into(), HOSTILE.into()]
        } else {
            Vec::new()
        },
        required,
        purpose_en: "to prepare the visit".into(),
        purpose_ar: "للتحضير للزيارة".into(),
        retention_days: Some(30),
        if_refused_en: "Without it we cannot prepare.".into(),
        if_refused_ar: "من دونه لا نستطيع التحضير.".into(),
    }
}

async fn definition(world: &World, timezone: &str) -> Definition {
    let ctx = &world.ctx;
    let hours: Hours = serde_json::from_value(json!({
        "timezone": timezone,
        "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": "09:00", "end": "17:00" }],
    }))
    .unwrap();
    let schedule = schedules::create(ctx, "Office", &hours).await.unwrap().id;
    let owner = members::list(ctx, None, 10).await.unwrap().remove(0).user;
    let host = hosts::ensure(ctx, owner, timezone, Some(schedule)).await.unwrap().id;
    Definition {
        en: Texts {
            title: "First visit <b>".into(),
            description: format!("What it is about {HOSTILE}"),
            instructions: "Bring your papers.".into(),
            privacy: "We keep little.".into(),
            follow_up: String::new(),
        },
        ar: Texts {
            title: "الزيارة الأولى".into(), description: "عن ماذا".into(), ..Texts::default()
        },
        min_notice: 0,
        hosts: vec![TypeHost { host, fixed: false, weight: 100, priority: 0, schedule: Some(schedule), since: None }],
        ..Definition::default()
    }
}

async fn event(world: &World, change: impl FnOnce(&mut Definition)) -> EventType {
    let mut definition = definition(world, "Asia/Riyadh").await;
    change(&mut definition);
    event_types::create(&world.ctx, "visit", TypeState::Active, definition).await.unwrap()
}

async fn slug(ctx: &Ctx) -> String {
    accounts::workspaces::get(ctx).await.unwrap().slug
}

async fn book(world: &World, of: &EventType, start: &str) -> Booking {
    let wanted = Booked {
        start: start.parse().unwrap(),
        duration: None,
        host: None,
        hold: None,
        attendee: Attendee {
            name: "Huda".into(),
            email: Email::parse("huda@example.com").unwrap(),
            phone: None,
            timezone: "Europe/Berlin".into(),
            language: Locale::ar(),
        },
        filled: Filled::default(),
        marketing: false,
        proof: Proof::default(),
        source: "page",
    };
    reservations::book(&world.ctx, None, of, wanted).await.unwrap().0
}

async fn link(ctx: &Ctx, booking: &Booking, purpose: Act) -> String {
    tokens::path(ctx, booking.id, purpose).await.unwrap()
}

fn decoded(text: &str) -> String {
    text.replace("&amp;", "&")
}

/// Where an answer leads.
fn place(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// A provider who opens one page, and knows nothing of it afterwards.
async fn till(asked: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            loop {
                let text = String::from_utf8_lossy(&request).to_lowercase();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length =
                        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                    if body.len() >= length.unwrap_or(0) {
                        break;
                    }
                }
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let answer = r#"{"id":"cs_1","url":"https://pay.example/cs_1","status":"open","payment_status":"unpaid"}"#;
            if text.starts_with("POST /v1/checkout/sessions ") {
                asked.lock().push(text);
            }
            let head = format!("HTTP/1.1 200 X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", answer.len());
            stream.write_all(format!("{head}{answer}").as_bytes()).await.ok();
        }
    });
    base
}

testkit::each_engine! {
    async fn people_book_without_a_script(t: Fixture) {
        let world = World::new(t).await;
        let draft = privacy::notices::Draft {
            notice: "privacy",
            language: "en".parse().unwrap(),
            body: "What we do <b>with it</b>.",
            material: false,
        };
        let notice = privacy::notices::publish(&world.ctx, draft).await.unwrap();
        let topic = world.events;
        event(&world, |definition| {
            definition.notice = Some(notice.id);
            definition.questions = vec![question("why", QuestionKind::Paragraph, true)];
            definition.guests = 2;
            definition.locations = vec![Location::Address { text: "1 Palm Street".into() }, Location::WeCall {}];
            definition.marketing = Some(MarketingOffer {
                topic,
                consent_en: "Yes, invite me to events.".into(),
                consent_ar: "نعم، ادعوني إلى الفعاليات.".into(),
            });
        })
        .await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let peer = Peer(SocketAddr::from(([203, 0, 113, 7], 4000)));
        let client = TestClient::new(world.router.clone().layer(Extension(peer)));
        let list = client.get(&format!("/book/{slug}?lang=en")).await.text();
        assert!(list.contains(&format!("href=\"/book/{slug}/visit?lang=en\"")) && list.contains("First visit &lt;b&gt;"));

        let path = format!("/book/{slug}/visit?tz=Europe/Berlin&lang=en&day={day}");
        let page = client.get(&path).await.text();
        assert!(page.contains("Berlin") && page.contains("Riyadh"), "both zones are said");
        assert!(page.contains("07:00") && !page.contains("<script>") && page.contains("In the morning"), "{page}");
        let start = format!("{day}T06:00:00Z");
        let to = place(&submit(&client, &path, &[("start", &start)]).await);
        assert!(to.contains("hold=hld_") && to.contains("tz=Europe/Berlin"), "{to}");
        let form = client.get(&to).await.text();
        assert!(form.contains("kept for you for 10 minutes") && form.contains("For your host it is"));
        assert!(form.contains("Used for:") && form.contains("Erased 30 days") && form.contains("Without it we cannot"));
        assert!(form.contains("version") && form.contains("with it&lt;/b&gt;") && form.contains("Yes, invite me to events."));
        assert!(!form.contains(" checked"), "nothing is ticked beforehand");
        // Meanwhile nobody else is offered that time.
        let other = TestClient::new(world.router.clone().layer(Extension(Peer(SocketAddr::from(([203, 0, 113, 8], 1))))));
        assert!(!other.get(&path).await.text().contains(&start));

        let fields = [("start", start.as_str()), ("name", "هدى"), ("email", "huda@example.com"), ("location", "0"),
            ("a-why", "Because"), ("guests", "guest@example.com"), ("marketing", "yes")];
        let seen = place(&submit(&client, &to, &fields).await);
        assert!(seen.starts_with("/book/b/") && seen.contains("new=1"));
        let done = client.get(&seen).await.text();
        assert!(done.contains("is booked") && done.contains("Bring your papers.") && done.contains("1 Palm Street"));
        assert!(done.contains("For your host it is") && done.contains("/book/c/") && done.contains("/book/r/"));
        // The same form again is the same booking.
        assert_eq!(place(&submit(&client, &to, &fields).await), seen);
        let file = done.split("href=\"/book/i/").nth(1).unwrap().split('"').next().unwrap();
        let file = client.get(&format!("/book/i/{file}")).await;
        assert!(file.header("content-type").starts_with("text/calendar") && file.text().contains("BEGIN:VEVENT"));

        let contact = contacts::by_email(&world.ctx, &"huda@example.com".parse().unwrap()).await.unwrap().unwrap();
        let json = contacts::get(&world.ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!(json["topics"]["Events"], "pending");
        let evidence = serde_json::to_string(&privacy::answer::answer(&world.ctx, contact).await.unwrap()).unwrap();
        assert!(evidence.contains("Yes, invite me to events.") && evidence.contains(&notice.id.to_string()));
    }

    async fn every_page_speaks_both_languages_and_is_closed(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |definition| {
            definition.hijri = true;
            definition.durations = vec![60];
        })
        .await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let booking = book(&world, &of, &format!("{day}T06:00:00Z")).await;
        let mut paths = vec![format!("/book/{slug}?"), format!("/book/{slug}/visit?day={day}&"),
            format!("/book/{slug}/visit/details?start={day}T07:00:00Z&")];
        for purpose in [Act::View, Act::Cancel, Act::Reschedule] {
            paths.push(format!("{}?", link(&world.ctx, &booking, purpose).await));
        }
        let client = world.client();
        for path in &paths {
            for (language, direction, era) in [("en", "ltr", "AH"), ("ar", "rtl", "هـ")] {
                let page = client.get(&format!("{path}lang={language}&tz=Africa/Cairo")).await;
                assert_eq!(page.status, 200, "{path}");
                let html = page.text();
                assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{path}");
                assert!(path == &paths[0] || html.contains(era), "{path} says Hijri dates");
                let policy = page.header("content-security-policy");
                assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"));
                assert!(!policy.contains("unsafe") && page.header("referrer-policy") == "no-referrer");
                assert_eq!(html.matches("<script").count(), 1);
                for forbidden in ["javascript:", " onclick", "<img", "style=\"", "http://"] {
                    assert!(!html.contains(forbidden), "{path} has {forbidden}");
                }
                let framed = client.get(&format!("{path}lang={language}&embed=1")).await;
                assert!(framed.header("content-security-policy").contains("frame-ancestors *"));
                assert!(framed.text().contains("class=\"bare\""));
            }
        }
        let script = client.get("/book/page.js").await;
        assert!(script.status == 200 && script.header("content-type").starts_with("text/javascript"));
    }

    async fn a_slot_that_was_taken_keeps_the_form(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |definition| definition.questions = vec![question("why", QuestionKind::Text, false)]).await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let start = format!("{day}T06:00:00Z");
        book(&world, &of, &start).await;
        let client = world.client();
        let picked = submit(&client, &format!("/book/{slug}/visit?lang=en&tz=Asia/Riyadh"), &[("start", &start)]).await;
        assert!(picked.status == 409 && picked.text().contains("just taken"));
        let to = format!("/book/{slug}/visit/details?lang=en&tz=Asia/Riyadh&start={start}");
        let fields = [("start", start.as_str()), ("name", "Sami"), ("email", "sami@example.com"), ("a-why", "My reason")];
        let lost = submit(&client, &to, &fields).await;
        assert_eq!(lost.status, 409);
        let page = lost.text();
        assert!(page.contains("value=\"Sami\"") && page.contains("My reason") && page.contains("sami@example.com"));
        let fresh = page.split("type=\"radio\" name=\"start\" required value=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(fresh.starts_with(&day));
        let fields = [("start", fresh), ("name", "Sami"), ("email", "sami@example.com")];
        assert!(place(&submit(&client, &to, &fields).await).starts_with("/book/b/"));
    }

    async fn reading_never_acts_and_links_serve_one_purpose(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |_| {}).await;
        let day = day(&world);
        let booking = book(&world, &of, &format!("{day}T06:00:00Z")).await;
        let (cancel, move_to, see) = (
            link(&world.ctx, &booking, Act::Cancel).await,
            link(&world.ctx, &booking, Act::Reschedule).await,
            link(&world.ctx, &booking, Act::View).await,
        );
        let client = world.client();
        let new = format!("{day}T07:00:00Z");
        for path in [cancel.clone(), format!("{move_to}?start={new}"), see.clone()] {
            assert_eq!(client.get(&path).await.status, 200, "{path}");
        }
        let now = reservations::get(&world.ctx, booking.id).await.unwrap();
        assert_eq!((now.state, now.sequence, now.start), (State::Confirmed, 0, booking.start));
        // A token of one purpose opens nothing else.
        for (path, other) in [("/book/c/", &move_to), ("/book/r/", &cancel), ("/book/b/", &cancel), ("/book/c/", &see)] {
            let token = other.rsplit('/').next().unwrap();
            assert_eq!(client.get(&format!("{path}{token}")).await.status, 404);
            assert_eq!(submit(&client, &format!("{path}{token}"), &[("start", &new)]).await.status, 404);
        }
        for forged in ["x", "%00", &"A".repeat(400)] {
            for path in ["/book/c/", "/book/r/", "/book/b/", "/book/i/"] {
                assert_eq!(client.get(&format!("{path}{forged}")).await.status, 404, "{path}{forged}");
            }
        }
        let seen = place(&submit(&client, &move_to, &[("start", &new)]).await);
        assert!(seen.starts_with(&see));
        let moved = reservations::get(&world.ctx, booking.id).await.unwrap();
        assert_eq!((moved.sequence, moved.start.to_string()), (1, new.parse::<Timestamp>().unwrap().to_string()));
        // Twice is fine.
        place(&submit(&client, &move_to, &[("start", &new)]).await);
        assert_eq!(reservations::get(&world.ctx, booking.id).await.unwrap().sequence, 1);
        place(&submit(&client, &cancel, &[("reason", HOSTILE)]).await);
        place(&submit(&client, &cancel, &[]).await);
        let gone = reservations::get(&world.ctx, booking.id).await.unwrap();
        assert_eq!((gone.state, gone.ended_by.as_deref()), (State::Cancelled, Some("attendee")));
        let page = client.get(&format!("{see}?lang=en")).await.text();
        assert!(page.contains("was cancelled") && !page.contains("/book/c/"));
        assert!(client.get(&format!("{}.ics", see.replace("/b/", "/i/"))).await.text().contains("STATUS:CANCELLED"));
    }

    async fn deadlines_are_enforced(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |definition| {
            definition.cancel_until = Some(24 * 60);
            definition.reschedule_until = None;
        })
        .await;
        let day = day(&world);
        let booking = book(&world, &of, &format!("{day}T06:00:00Z")).await;
        let cancel = link(&world.ctx, &booking, Act::Cancel).await;
        let move_to = link(&world.ctx, &booking, Act::Reschedule).await;
        let client = world.client();
        let page = client.get(&format!("{move_to}?lang=en")).await.text();
        assert!(page.contains("too late") && !page.contains("<button>"));
        let tried = submit(&client, &move_to, &[("start", &format!("{day}T08:00:00Z"))]).await;
        assert_eq!(tried.status, 409);
        world.t.clock.advance(19 * 86_400 + 23 * 3600);
        assert!(client.get(&format!("{cancel}?lang=en")).await.text().contains("too late"));
        assert_eq!(submit(&client, &cancel, &[]).await.status, 409);
        assert_eq!(reservations::get(&world.ctx, booking.id).await.unwrap().state, State::Confirmed);
    }

    async fn hostile_input_stays_text(t: Fixture) {
        let world = World::new(t).await;
        let kinds = [QuestionKind::Text, QuestionKind::Paragraph, QuestionKind::Choice, QuestionKind::Choices,
            QuestionKind::Yes, QuestionKind::Phone, QuestionKind::Number];
        event(&world, |definition| {
            definition.questions =
                kinds.iter().enumerate().map(|(number, kind)| question(&format!("q{number}"), *kind, true)).collect();
            definition.locations = vec![Location::Attendee {}];
            definition.guests = 1;
        })
        .await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let client = world.client();
        let to = format!("/book/{slug}/visit/details?lang=en&start={day}T06:00:00Z");
        let long = "x".repeat(20_000);
        for value in [HOSTILE, long.as_str(), "", "\u{0}\u{7}"] {
            let mut fields = vec![("name", value), ("email", value), ("place", value), ("guests", value), ("location", value)];
            let keys: Vec<String> = (0..kinds.len()).map(|number| format!("a-q{number}")).collect();
            fields.extend(keys.iter().map(|key| (key.as_str(), value)));
            let answer = submit(&client, &to, &fields).await;
            assert_eq!(answer.status, 422);
            let page = answer.text();
            assert!(page.contains("aria-invalid=\"true\"") && page.matches("<script").count() == 1 && !page.contains("<img"));
        }
        let hostile = percent(HOSTILE);
        for path in [
            format!("/book/{slug}/visit?tz={hostile}&name={hostile}&email={hostile}&day={hostile}&month={hostile}"),
            format!("/book/{slug}/visit?month=9999-12&duration=99999&host=hst_0&start=1"),
            format!("/book/{slug}/visit?month=2000-01&tz=Etc/GMT-14"),
        ] {
            let page = client.get(&path).await;
            assert_eq!(page.status, 200);
            assert!(page.text().matches("<script").count() == 1 && !page.text().contains("<img"));
        }
        for path in [format!("/book/{hostile}"), format!("/book/{slug}/{hostile}"), format!("/book/{}", "a".repeat(5000)),
            format!("/book/{slug}/nothing"), "/book/nobody/visit".to_owned()] {
            assert_eq!(client.get(&path).await.status, 404, "{path}");
        }
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0);
        // The field that people do not see.
        let fields = [("name", "A"), ("email", "a@example.com"), ("website", "http://x")];
        assert_eq!(submit(&client, &to, &fields).await.status, 422);
    }

    async fn hours_are_said_so_that_night_is_not_afternoon(t: Fixture) {
        let world = World::new(t).await;
        event(&world, |_| {}).await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let page = async |query: &str, accept: &'static str| {
            let client = world.client().with("accept-language", accept);
            decoded(&client.get(&format!("/book/{slug}/visit?day={day}&{query}")).await.text())
        };
        // Nine in the morning in Riyadh is the night before or the same night in America.
        let york = page("tz=America/New_York&lang=en", "en-US").await;
        assert!(york.contains("2:00\u{a0}am") && york.contains("At night") && york.contains("hour=24"));
        let berlin = page("tz=Europe/Berlin&lang=en", "en-US").await;
        assert!(berlin.contains("07:00") && !berlin.contains("7:00\u{a0}am") && berlin.contains("hour=12"));
        let chosen = page("tz=Europe/Berlin&lang=en&hour=12", "en-US").await;
        assert!(chosen.contains("7:00\u{a0}am"));
        let riyadh = page("tz=Asia/Riyadh&lang=ar", "ar").await;
        assert!(riyadh.contains("9:00\u{a0}صباحًا") && riyadh.contains("2:00\u{a0}بعد الظهر"));
        // A zone that does not exist is the host's.
        assert!(page("tz=Mars/Olympus&lang=en", "en").await.contains("Riyadh (\u{2066}UTC+3"));
    }

    async fn the_day_on_which_clocks_change_shows_every_hour_once(t: Fixture) {
        let world = World::new(t).await;
        let mut definition = definition(&world, "America/New_York").await;
        definition.duration = 60;
        definition.rolling_days = None;
        let night: Hours = serde_json::from_value(json!({
            "timezone": "America/New_York",
            "rules": [{ "days": [7], "start": "00:00", "end": "04:00" }],
        }))
        .unwrap();
        let schedule = schedules::create(&world.ctx, "Nights", &night).await.unwrap().id;
        definition.hosts[0].schedule = Some(schedule);
        event_types::create(&world.ctx, "visit", TypeState::Active, definition).await.unwrap();
        let slug = slug(&world.ctx).await;
        let client = world.client();
        let autumn = client.get(&format!("/book/{slug}/visit?tz=America/New_York&lang=en&day=2027-11-07")).await.text();
        assert_eq!(autumn.matches("class=\"time\"").count(), 5, "the night has five hours");
        assert!(autumn.contains("UTC−4") && autumn.contains("UTC−5"));
        let spring = client.get(&format!("/book/{slug}/visit?tz=America/New_York&lang=en&day=2027-03-14")).await.text();
        assert_eq!(spring.matches("class=\"time\"").count(), 3, "the night has three hours");
        let none = client.get(&format!("/book/{slug}/visit?tz=America/New_York&lang=en&day=2027-03-15")).await.text();
        assert!(none.contains("There are no free times on this day") && none.contains("Next free day"));
    }

    async fn approval_payment_and_closed_doors(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |definition| definition.approval = true).await;
        let day = day(&world);
        let booking = book(&world, &of, &format!("{day}T06:00:00Z")).await;
        let see = format!("{}?lang=en", link(&world.ctx, &booking, Act::View).await);
        let client = world.client();
        assert!(client.get(&see).await.text().contains("Your request has arrived"));
        reservations::decline(&world.ctx, &booking, Some("no")).await.unwrap();
        assert!(client.get(&see).await.text().contains("was declined"));
        let mut paid = definition(&world, "Asia/Riyadh").await;
        paid.payment = Some(Payment { amount: 25_000, currency: "SAR".into(), pay_within: 30, refund_until: Some(0) });
        let keys = Connect { secret: Some("sk_test_1".into()), signing: Some("whsec_1".into()), base: None };
        world.app.payments.connect(&world.ctx, keys).await.unwrap();
        let paid = event_types::create(&world.ctx, "paid", TypeState::Hidden, paid).await.unwrap();
        let slug = slug(&world.ctx).await;
        assert!(client.get(&format!("/book/{slug}/paid?lang=en")).await.text().contains("250.00\u{a0}SAR"));
        assert!(!client.get(&format!("/book/{slug}")).await.text().contains("/paid"), "hidden ones are not listed");
        let open = book(&world, &paid, &format!("{day}T08:00:00Z")).await;
        let see = format!("{}?lang=en", link(&world.ctx, &open, Act::View).await);
        assert!(client.get(&see).await.text().contains("One step is left"));
        reservations::cancel(&world.ctx, &open, By::System, None).await.unwrap();
        assert!(client.get(&see).await.text().contains("was cancelled"));
        let change = event_types::Change { state: Some(TypeState::Archived), ..event_types::Change::default() };
        event_types::update(&world.ctx, of.id, of.version, change).await.unwrap();
        assert_eq!(client.get(&format!("/book/{slug}/visit")).await.status, 410);
    }

    async fn a_price_is_paid_on_the_providers_page(t: Fixture) {
        let world = World::new(t).await;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let base = till(asked.clone()).await;
        let keys = Connect { secret: Some("sk_test_1".into()), signing: Some("whsec_1".into()), base: Some(base) };
        world.app.payments.connect(&world.ctx, keys).await.unwrap();
        let of = event(&world, |definition| {
            definition.payment = Some(Payment { amount: 25_000, currency: "SAR".into(), pay_within: 30, refund_until: Some(0) });
        })
        .await;
        let booking = book(&world, &of, &format!("{}T08:00:00Z", day(&world))).await;
        let see = link(&world.ctx, &booking, Act::View).await;
        let client = world.client();
        // Looking does nothing; pressing the button leads there, by a link of our own page.
        assert!(client.get(&format!("{see}?lang=en")).await.text().contains("Pay now"));
        assert!(asked.lock().is_empty());
        let page = submit(&client, &format!("{see}?lang=en"), &[]).await.text();
        assert!(page.contains("href=\"https://pay.example/cs_1\"") && page.contains("never sees your card"), "{page}");
        let order = asked.lock()[0].clone();
        assert!(order.contains("unit_amount%5D=25000") && order.contains("paid%3D1"), "{order}");

        let id = order.split("client_reference_id=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let body = format!(
            r#"{{"type":"checkout.session.completed","data":{{"object":{{"id":"cs_1","url":null,"client_reference_id":"{id}","status":"complete","payment_status":"paid","amount_total":25000,"currency":"sar","payment_intent":"pi_1"}}}}}}"#
        );
        let at = world.ctx.now().0 / 1_000_000;
        let sign = |secret: &str| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
            format!("t={at},v1={}", data_encoding::HEXLOWER.encode(tag.as_ref()))
        };
        let hook = format!("/book/pay/{}/webhook", world.ctx.workspace);
        let post = async |path: &str, signature: &str| {
            client.clone().with("stripe-signature", signature).send(Method::POST, path, body.clone()).await.status.as_u16()
        };
        assert_eq!(post(&hook, &sign("whsec_2")).await, 401);
        assert_eq!(post("/book/pay/wsp_00000000000000000000000001/webhook", &sign("whsec_1")).await, 404);
        assert_eq!(post("/book/pay/nonsense/webhook", &sign("whsec_1")).await, 404);
        // Back before the call came: the page says that it waits for the provider's word.
        let waits = client.get(&format!("{see}?lang=en&paid=1")).await.text();
        assert!(waits.contains("Your payment is on its way"), "{waits}");
        assert!(client.get(&format!("{see}?lang=ar&paid=1")).await.text().contains("دفعتك قيد التأكيد"));
        assert_eq!(post(&hook, &sign("whsec_1")).await, 200);
        assert_eq!(post(&hook, &sign("whsec_1")).await, 200);
        assert!(client.get(&format!("{see}?lang=en")).await.text().contains("Your appointment is booked"));
        let booking = reservations::get(&world.ctx, booking.id).await.unwrap();
        reservations::cancel(&world.ctx, &booking, By::Attendee, None).await.unwrap();
        assert!(client.get(&format!("{see}?lang=en")).await.text().contains("goes back to you"));
    }

    async fn everybody_has_a_page_and_the_team_one(t: Fixture) {
        let world = World::new(t).await;
        let of = event(&world, |_| {}).await;
        let host = of.definition.hosts[0].host;
        let slug = slug(&world.ctx).await;
        let client = world.client();
        let name = hosts::names(&world.ctx).await.unwrap()[&host].clone();
        let list = client.get(&format!("/book/{slug}?lang=en")).await.text();
        assert!(list.contains(&format!("with <bdi>{name}</bdi>")), "{list}");
        let own = client.get(&format!("/book/{slug}?lang=en&host={host}")).await.text();
        assert!(own.contains("Book an appointment with") && own.contains("/visit"), "{own}");
        let mut robin = definition(&world, "Asia/Riyadh").await;
        robin.mode = booking::slots::Mode::RoundRobin;
        event_types::update(&world.ctx, of.id, of.version, event_types::Change { definition: Some(robin), ..event_types::Change::default() })
            .await
            .unwrap();
        let list = client.get(&format!("/book/{slug}?lang=en")).await.text();
        assert!(!list.contains(&name), "whom nobody may choose is not named: {list}");
        assert!(!client.get(&format!("/book/{slug}?lang=en&host={host}")).await.text().contains(&name));
    }

    async fn nobody_blanks_a_calendar(t: Fixture) {
        let world = World::new(t).await;
        event(&world, |_| {}).await;
        let (slug, day) = (slug(&world.ctx).await, day(&world));
        let peer = Peer(SocketAddr::from(([203, 0, 113, 9], 4000)));
        let client = TestClient::new(world.router.clone().layer(Extension(peer)));
        let path = format!("/book/{slug}/visit?lang=en&tz=Asia/Riyadh&day={day}");
        let free = |page: &str| page.matches("class=\"time\"").count();
        let before = free(&world.client().get(&path).await.text());
        let mut last = 0;
        for hour in 6..14 {
            for minute in ["00", "30"] {
                let start = format!("{day}T{hour:02}:{minute}:00Z");
                last = submit(&client, &path, &[("start", &start)]).await.status.as_u16();
            }
        }
        assert_eq!(last, 303);
        assert_eq!(free(&world.client().get(&path).await.text()), before - 1, "a visitor holds one time of an event");
        for _ in 0..40 {
            last = submit(&client, &path, &[("start", &format!("{day}T06:00:00Z"))]).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }
}
