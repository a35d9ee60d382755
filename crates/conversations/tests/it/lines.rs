//! Conversations over a line, with a carrier that records.

use std::collections::BTreeMap;
use std::sync::Arc;

use conversations::conversations::{self as rows, Said};
use conversations::events::{self, Event, NewEvent, QuickReply};
use conversations::groups::{Inactivity, Priority, Settings};
use conversations::lines::{self, Begin, CameInJob, DeliveryState, LeaveJob};
use conversations::{Author, EndedBy, Kind, State};
use kernel::{Code, ContactId, DeliveryId, EventId, Phone, Problem};
use outbound::lines::{Attached, CameIn, Carried, Carrier, Carriers, Line, Parcel, Quote, Stands};
use parking_lot::Mutex;
use people::contacts::{Draft, Origin};
use privacy::provenance::Method;
use store::jobs::{self, Handler};
use store::{BoxFuture, Ctx, Feed};
use testkit::Fixture;

use crate::house::House;

const OURS: &str = "966112345678";

/// Takes everything, unless it is told not to.
#[derive(Default)]
struct Recorder {
    carried: Mutex<Vec<Parcel>>,
    inbound: Mutex<BTreeMap<EventId, CameIn>>,
    refuses: Mutex<Option<Problem>>,
}

impl Carrier for Recorder {
    fn channels(&self) -> &'static [&'static str] {
        &["sms"]
    }

    fn reach<'a>(
        &'a self,
        _: &'a Ctx,
        channel: &'a str,
        _: ContactId,
        account: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Line, Problem>> {
        let account = account.unwrap_or(OURS).to_owned();
        Box::pin(async move { Ok(Line { channel: channel.into(), account, address: "+966501234567".into() }) })
    }

    fn quote<'a>(&'a self, _: &'a Ctx, _: &'a Parcel) -> BoxFuture<'a, Result<Quote, Problem>> {
        let refused = self.refuses.lock().clone();
        Box::pin(async move { Ok(Quote { parts: 1, price_micros: 40, refused, ..Quote::default() }) })
    }

    fn carry<'a>(&'a self, _: &'a Ctx, parcel: Parcel) -> BoxFuture<'a, Result<Carried, Problem>> {
        Box::pin(async move {
            if let Some(problem) = self.refuses.lock().clone() {
                return Err(problem);
            }
            self.carried.lock().push(parcel);
            Ok(Carried { state: Stands::Queued, reason: None, parts: 2, price_micros: 80 })
        })
    }

    fn came_in<'a>(&'a self, _: &'a Ctx, message: EventId) -> BoxFuture<'a, Result<Option<CameIn>, Problem>> {
        Box::pin(async move { Ok(self.inbound.lock().get(&message).cloned()) })
    }
}

struct Wire {
    house: House,
    recorder: Arc<Recorder>,
    carriers: Carriers,
    lina: ContactId,
}

impl Wire {
    async fn new(t: Fixture) -> Self {
        let house = House::build(t).await;
        let recorder = Arc::new(Recorder::default());
        let carriers = Carriers::default().with(recorder.clone());
        let draft = Draft { phones: vec![Phone::parse("+966501234567", None).unwrap()], ..Draft::default() };
        let origin = Origin { method: Method::Api, source: "a test".into() };
        let lina = people::contacts::create(&house.ctx, draft, &origin).await.unwrap();
        Self { house, recorder, carriers, lina }
    }

    fn words(&self, text: &str) -> CameIn {
        CameIn {
            subject: self.lina,
            contact: Some(self.lina),
            name: None,
            language: None,
            line: Line { channel: "sms".into(), account: OURS.into(), address: "+966501234567".into() },
            text: text.into(),
            choice: None,
            files: Vec::new(),
            stop: false,
            notes: BTreeMap::new(),
        }
    }

    /// Something comes in, as a channel brings it.
    async fn brings(&self, came: CameIn) -> EventId {
        let id: EventId = self.house.ctx.id();
        self.recorder.inbound.lock().insert(id, came);
        let mut batch = self.house.ctx.batch();
        outbound::lines::wrote(&mut batch, "sms", id);
        self.house.ctx.db.apply(batch).await.unwrap();
        self.work().await;
        id
    }

    async fn says(&self, text: &str) -> EventId {
        self.brings(self.words(text)).await
    }

    async fn work(&self) {
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(CameInJob::new(self.carriers.clone(), self.house.hub.clone(), false)),
            Arc::new(LeaveJob::new(self.carriers.clone())),
        ];
        jobs::drain(&self.house.ctx.core, &handlers).await.unwrap();
    }

    async fn row(&self) -> rows::Conversation {
        let mut all = rows::of_contact(&self.house.ctx, self.lina).await.unwrap();
        assert_eq!(all.len(), 1, "one line is one conversation");
        all.remove(0)
    }

    async fn events(&self) -> Vec<Event> {
        events::after(&self.house.ctx, self.row().await.id, 0, 200).await.unwrap()
    }

    async fn delivery(&self, seq: i64) -> lines::Delivery {
        let all = lines::of_events(&self.house.ctx, self.row().await.id, (seq, seq)).await.unwrap();
        all.into_values().next().unwrap()
    }

    async fn tells(&self, kind: &'static str, message: DeliveryId, reason: &str) {
        let mut batch = self.house.ctx.batch();
        let data = serde_json::json!({ "contact": self.lina, "reason": reason });
        batch.feed(Feed { kind, entity: message.into(), data });
        self.house.ctx.db.apply(batch).await.unwrap();
        lines::follow(&self.house.ctx).await.unwrap();
    }
}

testkit::each_engine! {
    async fn what_somebody_writes_is_routed_and_answered_over_the_same_line(t: Fixture) {
        let wire = Wire::new(t).await;
        let settings = Settings { inactivity: Inactivity { agent_minutes: Some(5), ..Inactivity::default() }, ..Settings::default() };
        let group = wire.house.group("Phones", &[(1, Priority::Normal)], settings).await;
        wire.house.accepts(1, 5).await;
        let message = wire.says("where is my order?").await;
        let row = wire.row().await;
        assert_eq!((row.channel.as_str(), row.contact, row.subject), ("sms", Some(wire.lina), wire.lina));
        assert_eq!((row.group, row.assignee), (Some(group.id), Some(wire.house.users[1])), "routed like a chat");
        assert!(row.waiting_since.is_some());
        // The same message brought again adds nothing.
        let mut batch = wire.house.ctx.batch();
        outbound::lines::wrote(&mut batch, "sms", message);
        wire.house.ctx.db.apply(batch).await.unwrap();
        wire.work().await;
        let said = wire.events().await.into_iter().filter(|event| event.author == Author::VISITOR && event.kind == Kind::Message).count();
        assert_eq!(said, 1);
        let given = wire.house.answers(1, &row, "a", "It left yesterday.").await;
        assert_eq!(wire.delivery(given.event.seq).await.state, DeliveryState::Waiting);
        wire.work().await;
        wire.work().await;
        let carried = wire.recorder.carried.lock().clone();
        assert_eq!(carried.len(), 1);
        assert_eq!((carried[0].words.text.as_str(), carried[0].line.account.as_str()), ("It left yesterday.", OURS));
        let taken = wire.delivery(given.event.seq).await;
        assert_eq!((taken.state, taken.parts, taken.price, taken.message), (DeliveryState::Queued, 2, 80, carried[0].id));
        // Notes never leave.
        let note = NewEvent::note(Author::agent(wire.house.users[1]), "be nice".into());
        rows::send(&wire.house.ctx, &wire.house.hub, row.id, Said { event: note, resume: false }).await.unwrap();
        wire.work().await;
        assert_eq!(wire.recorder.carried.lock().len(), 1);
        // What becomes of it, in any order.
        for (kind, reason) in [("sms.delivered", ""), ("sms.sent", ""), ("sms.failed", "27")] {
            wire.tells(kind, taken.message, reason).await;
        }
        let after = wire.delivery(given.event.seq).await;
        assert_eq!((after.state, after.reason), (DeliveryState::Delivered, None));
        // Nobody answers for long: somebody else has to, as in a chat.
        wire.says("and?").await;
        wire.house.later(6 * 60).await;
        assert!(wire.events().await.iter().any(|event| event.body.code.as_deref() == Some("agent_left")));
    }

    async fn a_closed_one_begins_a_new_thread_and_a_stop_ends_it(t: Fixture) {
        let wire = Wire::new(t).await;
        wire.says("hello").await;
        let row = wire.row().await;
        rows::close(&wire.house.ctx, &wire.house.hub, row.id, EndedBy::Agent).await.unwrap();
        wire.says("one more thing").await;
        let row = wire.row().await;
        assert_eq!((row.state, row.thread_n), (State::Open, 2));
        wire.brings(CameIn { stop: true, ..wire.words("STOP") }).await;
        let row = wire.row().await;
        assert_eq!(row.state, State::Closed);
        let codes: Vec<String> = wire.events().await.into_iter().filter_map(|event| event.body.code).collect();
        assert!(codes.contains(&"stopped".to_owned()), "{codes:?}");
        assert!(!wire.events().await.iter().any(|event| event.body.text.as_deref() == Some("STOP")));
    }

    async fn what_is_refused_says_why_and_nothing_is_tried_again(t: Fixture) {
        let wire = Wire::new(t).await;
        wire.says("hello").await;
        let row = wire.row().await;
        *wire.recorder.refuses.lock() = Some(Problem::new(Code::InsufficientBalance, "no"));
        let words = outbound::lines::Words { text: "hi".into(), ..outbound::lines::Words::default() };
        let refused = lines::check(&wire.house.ctx, &wire.carriers, &row, words).await.unwrap_err();
        assert_eq!(refused.problem().code, Code::InsufficientBalance);
        let given = wire.house.answers(1, &row, "a", "hi").await;
        wire.work().await;
        let failed = wire.delivery(given.event.seq).await;
        assert_eq!((failed.state, failed.reason.as_deref()), (DeliveryState::Failed, Some("insufficient_balance")));
        *wire.recorder.refuses.lock() = None;
        wire.work().await;
        assert!(wire.recorder.carried.lock().is_empty());
    }

    async fn a_member_begins_one_and_the_gate_may_say_no(t: Fixture) {
        let wire = Wire::new(t).await;
        let begin = |text: &str| Begin { channel: "sms".into(), account: None, text: text.into(), template: None };
        let by = Author::agent(wire.house.users[1]);
        let ctx = wire.house.ctx.clone();
        *wire.recorder.refuses.lock() = Some(Problem::new(Code::NotMailable, "the gate says no"));
        let refused = lines::begin(&ctx, (&wire.house.hub, &wire.carriers), wire.lina, by, begin("hi")).await.unwrap_err();
        assert_eq!(refused.problem().code, Code::NotMailable);
        assert!(rows::of_contact(&ctx, wire.lina).await.unwrap().is_empty());
        *wire.recorder.refuses.lock() = None;
        let row = lines::begin(&ctx, (&wire.house.hub, &wire.carriers), wire.lina, by, begin("Your order left.")).await.unwrap();
        assert_eq!(row.assignee, Some(wire.house.users[1]));
        wire.says("thanks").await;
        wire.work().await;
        assert_eq!(wire.row().await.id, row.id, "the answer belongs to it");
        assert_eq!(wire.recorder.carried.lock().len(), 1);
        let other = Begin { channel: "pigeon".into(), ..begin("hi") };
        let unknown = lines::begin(&ctx, (&wire.house.hub, &wire.carriers), wire.lina, by, other).await.unwrap_err();
        assert_eq!(unknown.problem().fields[0].field, "channel");
    }

    async fn a_number_chooses_what_was_offered_and_files_are_kept(t: Fixture) {
        let wire = Wire::new(t).await;
        wire.says("hello").await;
        let row = wire.row().await;
        let mut event = NewEvent::message(Author::agent(wire.house.users[1]), "Which one?".into());
        event.kind = Kind::Rich;
        event.body.quick_replies = ["Red", "Blue"].map(|label| QuickReply { label: label.into(), value: label.to_lowercase() }).to_vec();
        rows::send(&wire.house.ctx, &wire.house.hub, row.id, Said { event, resume: true }).await.unwrap();
        wire.work().await;
        assert_eq!(wire.recorder.carried.lock()[0].words.choices[1], ("Blue".to_owned(), "blue".to_owned()));
        wire.says("٢").await;
        let last = wire.events().await.pop().unwrap();
        assert_eq!(last.body.params["postback"], "blue");
        let picture = Attached { name: "a.png".into(), media_type: "image/png".into(), bytes: b"\x89PNG\r\n\x1a\n1".to_vec() };
        let odd = Attached { name: "x.exe".into(), media_type: "image/png".into(), bytes: vec![0, 1, 2, 3] };
        wire.brings(CameIn { files: vec![picture, odd], ..wire.words("") }).await;
        let all = wire.events().await;
        assert!(all.iter().any(|event| event.kind == Kind::File && event.body.file.is_some()));
        assert!(all.iter().any(|event| event.body.code.as_deref() == Some("file_refused")));
    }

    async fn who_is_erased_leaves_nothing_of_a_line(t: Fixture) {
        let wire = Wire::new(t).await;
        wire.says("hello").await;
        let row = wire.row().await;
        wire.house.answers(1, &row, "a", "hi").await;
        people::contacts::erase(&wire.house.ctx, wire.house.outbound.gate(), wire.lina).await.unwrap();
        wire.work().await;
        assert!(wire.recorder.carried.lock().is_empty(), "what waited does not leave");
        assert!(rows::get(&wire.house.ctx, row.id).await.is_err());
        assert!(lines::of_events(&wire.house.ctx, row.id, (0, 99)).await.unwrap().is_empty());
    }
}
