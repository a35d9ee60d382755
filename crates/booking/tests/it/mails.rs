//! Mail about appointments: who is told what, in which language, with which calendar entry, and what is not told twice.

use std::collections::BTreeSet;
use std::sync::Arc;

use booking::event_types::EventType;
use booking::mails::MailJob;
use booking::model::Definition;
use booking::reservations::{self, By};
use booking::tokens::{self, Act};
use kernel::{Email, Pii, WorkspaceId};
use outbound::{Channels, Envelope, Outbound, Sender, Sent};
use parking_lot::Mutex;
use privacy::gate::{Gate, SendPermit};
use privacy::vocabulary::Channel as Kind;
use serde_json::json;
use store::BoxFuture;
use store::jobs::{self, Handler};
use testkit::Fixture;

use super::house::{House, wanted};

/// What a message looked like when it left.
#[derive(Debug, Clone)]
struct Letter {
    to: String,
    subject: String,
    html: String,
    text: String,
    calendar: Option<(String, String)>,
}

struct Recorder {
    clock: Arc<testkit::ManualClock>,
    sent: Mutex<Vec<Letter>>,
}

impl outbound::Channel for Recorder {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        Box::pin(async move {
            let Ok(_handover) = permit.begin(kernel::Clock::now(self.clock.as_ref())) else { return Sent::PermitLost };
            self.sent.lock().push(Letter {
                to: envelope.recipient.into_inner(),
                subject: envelope.subject.into_inner(),
                html: envelope.html.map(Pii::into_inner).unwrap_or_default(),
                text: envelope.text.into_inner(),
                calendar: envelope.invitation.map(|invitation| (invitation.method, invitation.ics)),
            });
            Sent::Accepted { status: "250".to_owned() }
        })
    }

    fn sender_verified<'a>(&'a self, _: WorkspaceId, _: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async { true })
    }
}

struct Post {
    house: House,
    of: EventType,
    recorder: Arc<Recorder>,
    handlers: Vec<Arc<dyn Handler>>,
}

impl Post {
    async fn new(t: Fixture, change: impl FnOnce(&mut Definition)) -> Self {
        let house = House::build(t).await;
        let settings = json!({ "default_sender": { "name": "House", "email": "desk@house.example" } });
        let change_sender = accounts::workspaces::Change {
            settings: settings.as_object().cloned(),
            ..accounts::workspaces::Change::default()
        };
        accounts::workspaces::update(&house.ctx, change_sender).await.unwrap();
        let host = house.host().await;
        let of = house.event(&[host], change).await;
        let recorder = Arc::new(Recorder { clock: house.fixture.clock.clone(), sent: Mutex::default() });
        let outbound = Outbound::new(Gate::new(), Channels::default().with(recorder.clone()), "https://post.example");
        let handlers: Vec<Arc<dyn Handler>> =
            vec![Arc::new(MailJob::new(outbound.clone())), Arc::new(outbound::SendJob::new(outbound))];
        Self { house, of, recorder, handlers }
    }

    /// How many messages the log knows.
    async fn letters(&self) -> i64 {
        self.house.ctx.db.one::<(i64,)>(LETTERS, store::params![self.house.ctx.workspace]).await.unwrap().0
    }

    /// Everything that left since the last time.
    async fn sent(&self) -> Vec<Letter> {
        jobs::drain(&self.house.ctx.core, &self.handlers).await.unwrap();
        std::mem::take(&mut *self.recorder.sent.lock())
    }
}

fn to<'a>(letters: &'a [Letter], address: &str) -> &'a Letter {
    let found: Vec<&Letter> = letters.iter().filter(|letter| letter.to == address).collect();
    assert_eq!(found.len(), 1, "{address} of {letters:?}");
    found[0]
}

store::sql! {
    LETTERS = "SELECT CAST(count(*) AS BIGINT) FROM delivery WHERE workspace = $1";
}

const START: &str = "2026-12-01T06:00:00Z";

testkit::each_engine! {
    async fn everybody_is_told_once_and_in_their_own_time(t: Fixture) {
        let post = Post::new(t, |definition| {
            definition.guests = 2;
            definition.hijri = true;
            definition.en.instructions = "Bring <papers> & patience.".into();
            definition.ar.instructions = "أحضر أوراقك.".into();
        })
        .await;
        let ctx = &post.house.ctx;
        let mut booked = wanted("lina", START);
        booked.filled.guests = vec![Email::parse("friend@guest.example").unwrap()];
        let booking = reservations::book(ctx, None, &post.of, booked).await.unwrap().0;
        let letters = post.sent().await;
        assert_eq!(letters.len(), 3, "{letters:?}");
        let lina = to(&letters, "lina@guest.example");
        assert_eq!(lina.subject, "Confirmed: Consultation");
        assert!(lina.text.contains("07:00") && lina.text.contains("Berlin"), "{}", lina.text);
        assert!(lina.text.contains("9:00") && lina.text.contains("Riyadh") && lina.text.contains("1448 AH"));
        assert!(lina.html.contains("Bring &lt;papers&gt; &amp; patience."), "{}", lina.html);
        for purpose in [Act::View, Act::Cancel, Act::Reschedule] {
            let link = format!("https://post.example{}", tokens::path(ctx, booking.id, purpose).await.unwrap());
            assert!(lina.text.contains(&link) && lina.html.contains(&link));
        }
        let (method, ics) = lina.calendar.clone().unwrap();
        assert!(method == "REQUEST" && ics.contains(&booking.uid()) && ics.contains("SEQUENCE:0"), "{ics}");
        let friend = to(&letters, "friend@guest.example");
        assert!(!friend.text.contains("/book/") && !friend.html.contains("/book/"), "a guest acts on nothing");
        assert!(!friend.calendar.clone().unwrap().1.contains("lina"), "{friend:?}");
        let host = to(&letters, "owner@house.example");
        assert!(host.text.contains("lina@guest.example") && host.subject.starts_with("New booking"));
        assert!(host.text.find("9:00").unwrap() < host.text.find("07:00").unwrap_or(usize::MAX), "{}", host.text);
        assert!(host.calendar.is_none());
        assert!(post.sent().await.is_empty());

        let moved = reservations::reschedule(ctx, (&booking, None), ("2026-12-02T06:00:00Z".parse().unwrap(), None), None, By::Attendee)
            .await
            .unwrap();
        let letters = post.sent().await;
        assert_eq!(to(&letters, "lina@guest.example").subject, "New time: Consultation");
        let (_, ics) = to(&letters, "lina@guest.example").calendar.clone().unwrap();
        assert!(ics.contains("SEQUENCE:1") && ics.contains(&booking.uid()));
        reservations::cancel(ctx, &moved, By::Member, Some("The host is ill")).await.unwrap();
        let letters = post.sent().await;
        let lina = to(&letters, "lina@guest.example");
        assert!(lina.text.contains("The host is ill") && lina.text.contains("had to cancel"));
        assert_eq!(lina.calendar.clone().unwrap().0, "CANCEL");
        assert!(!lina.text.contains("/book/c/"));
        assert_eq!(letters.iter().map(|letter| &letter.to).collect::<BTreeSet<_>>().len(), 3);
    }

    async fn arabic_is_arabic(t: Fixture) {
        let post = Post::new(t, |definition| definition.hijri = true).await;
        let mut booked = wanted("huda", START);
        booked.attendee.language = kernel::Locale::ar();
        booked.attendee.timezone = "Asia/Riyadh".into();
        reservations::book(&post.house.ctx, None, &post.of, booked).await.unwrap();
        let letters = post.sent().await;
        let huda = to(&letters, "huda@guest.example");
        assert_eq!(huda.subject, "تأكيد الموعد: استشارة");
        assert!(huda.text.contains("9:00\u{a0}صباحًا") && huda.text.contains("جمادى الآخرة"), "{}", huda.text);
        assert!(huda.html.contains("dir=\"rtl\"") || huda.html.contains("rtl"), "{}", huda.html);
        assert!(!huda.text.contains("بتوقيت الطرف الآخر"), "one zone is said once");
    }

    async fn reminders_come_before_and_only_for_what_stands(t: Fixture) {
        let post = Post::new(t, |definition| {
            definition.reminders = vec![1440, 60];
            definition.follow_up = Some(30);
            definition.en.follow_up = "How was it?".into();
        })
        .await;
        let ctx = &post.house.ctx;
        let stays = post.house.book(&post.of, "stays", START).await.unwrap();
        let goes = post.house.book(&post.of, "goes", "2026-12-01T07:00:00Z").await.unwrap();
        let moves = post.house.book(&post.of, "moves", "2026-12-01T08:00:00Z").await.unwrap();
        reservations::cancel(ctx, &goes, By::Attendee, None).await.unwrap();
        let later = "2026-12-08T08:00:00Z".parse().unwrap();
        reservations::reschedule(ctx, (&moves, None), (later, None), None, By::Attendee).await.unwrap();
        post.sent().await;
        // The day before.
        post.house.fixture.clock.advance(9 * 86_400);
        let letters = post.sent().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert_eq!((letters[0].to.as_str(), letters[0].subject.as_str()), ("stays@guest.example", "Reminder: Consultation"));
        assert!(letters[0].calendar.is_none());
        post.house.fixture.clock.advance(86_400);
        let letters = post.sent().await;
        assert!(letters.iter().any(|letter| letter.text.contains("How was it?")), "{letters:?}");
        assert!(letters.iter().all(|letter| letter.to == "stays@guest.example"));
        let _ = stays;
    }

    async fn whoever_gave_a_number_is_reminded_there_once(t: Fixture) {
        let post = Post::new(t, |definition| definition.sms_reminders = vec![60]).await;
        let ctx = &post.house.ctx;
        let mut booked = wanted("huda", START);
        booked.attendee.language = kernel::Locale::ar();
        booked.attendee.timezone = "Asia/Riyadh".into();
        booked.attendee.phone = Some("+966 55 123 4567".into());
        let booking = reservations::book(ctx, None, &post.of, booked).await.unwrap().0;
        post.house.book(&post.of, "silent", "2026-12-01T07:00:00Z").await.unwrap();
        let waiting = jobs::waiting(&ctx.db, ctx.workspace, booking::sms::QUEUE, 10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        assert_eq!(waiting[0].run_at.to_string(), "2026-12-01T05:00:00Z");
        let job = waiting[0].id;
        let due = async |id, start| booking::sms::due(ctx, job, id, start).await.unwrap();
        let reminder = due(booking.id, booking.start).await.unwrap();
        assert_eq!((reminder.to.as_str(), reminder.contact), ("+966551234567", booking.contact));
        assert!(reminder.text.contains("استشارة") && reminder.text.contains("9:00"), "{}", reminder.text);
        assert!(!format!("{reminder:?}").contains("966"));
        assert!(reminder.take(ctx).await.unwrap() && !reminder.take(ctx).await.unwrap(), "once");
        // No number, another time, called off.
        let silent = kernel::BookingId(waiting[1].payload["booking"].as_str().unwrap().parse::<kernel::BookingId>().unwrap().0);
        assert!(due(silent, "2026-12-01T07:00:00Z".parse().unwrap()).await.is_none());
        assert!(due(booking.id, "2026-12-02T06:00:00Z".parse().unwrap()).await.is_none());
        reservations::cancel(ctx, &booking, By::Member, None).await.unwrap();
        assert!(due(booking.id, booking.start).await.is_none());
    }

    async fn requests_payments_and_erasure(t: Fixture) {
        let post = Post::new(t, |definition| definition.approval = true).await;
        let ctx = &post.house.ctx;
        let asked = post.house.book(&post.of, "asks", START).await.unwrap();
        let letters = post.sent().await;
        assert!(to(&letters, "asks@guest.example").subject.starts_with("Your request"));
        assert!(to(&letters, "owner@house.example").subject.starts_with("Please decide"));
        assert!(to(&letters, "asks@guest.example").calendar.is_none(), "nothing is certain yet");
        reservations::approve(ctx, &asked).await.unwrap();
        assert!(to(&post.sent().await, "asks@guest.example").subject.starts_with("Confirmed"));
        let other = post.house.book(&post.of, "other", "2026-12-01T07:00:00Z").await.unwrap();
        post.sent().await;
        reservations::decline(ctx, &other, Some("Fully booked")).await.unwrap();
        let letters = post.sent().await;
        assert!(to(&letters, "other@guest.example").text.contains("Fully booked"));
        // What was written about an erased booking goes with it, to whomever it went.
        let kept = post.letters().await;
        reservations::erase_by_email(ctx, &Email::parse("asks@guest.example").unwrap()).await.unwrap();
        assert_eq!(post.letters().await, kept - 4, "two to the attendee, two to the host");
        // Whoever was erased before the mail left is told nothing any more.
        post.house.book(&post.of, "gone", "2026-12-01T08:00:00Z").await.unwrap();
        reservations::erase_by_email(ctx, &Email::parse("gone@guest.example").unwrap()).await.unwrap();
        assert!(post.sent().await.iter().all(|letter| letter.to != "gone@guest.example"));
    }
}
