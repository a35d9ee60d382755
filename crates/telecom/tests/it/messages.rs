//! Messages from acceptance to the telephone and back, on both engines.

use std::sync::Arc;

use billing::balance::{self, Terms};
use billing::prices::{self, Price};
use billing::{Micros, balance as book};
use kernel::{ContactId, DeliveryId, Phone, RouteId, Timestamp};
use privacy::claims::{self, Statement};
use privacy::gate::Gate;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::Ctx;
use store::jobs::{self, Handler};
use telecom::messages::insights::{GroupBy, Traffic, insights};
use telecom::messages::{
    Filter, MatchReceipts, MessageState, MessageView, NewMessage, SendMessages, Sms, accept, cancel, find, list,
    list_inbound, timeline,
};
use telecom::routes::{self, Access, Change, Live, RouteState, Rules};
use telecom::settings::{self, Settings};
use telecom::smpp::coding::UCS2;
use telecom::smpp::{Address, Fate, Message, Receipt, Status, Tlvs, esm, tag};
use telecom::sms::{Concatenation, Encoding, TonNpi};
use telecom::{Error, senders};
use testkit::Fixture;

use crate::smsc::{Reaction, Smsc};

pub const LINA: &str = "+966501234567";
const OURS: &str = "+966112345678";

pub struct House {
    pub ctx: Ctx,
    pub sms: Sms,
}

impl House {
    async fn new(t: &Fixture) -> Self {
        Self::over(t, Sms::new(Gate::new(), Live::default())).await
    }

    pub async fn over(t: &Fixture, sms: Sms) -> Self {
        let ctx = t.workspace().await;
        let allowed = Settings { countries: ["SA".to_owned(), "DE".to_owned()].into(), ..Settings::default() };
        settings::put(&ctx, &allowed).await.unwrap();
        senders::add(&ctx, &OURS.parse().unwrap(), &senders::Rules::default()).await.unwrap();
        Self { ctx, sms }
    }

    pub async fn route(&self, name: &str, smsc: &Smsc, rules: Rules) -> RouteId {
        let access: Access = serde_json::from_value(json!({
            "host": "127.0.0.1", "port": smsc.port, "system_id": "barid", "password": "x", "per_second": 5000
        }))
        .unwrap();
        let id = routes::add(&self.ctx, name, rules, &access).await.unwrap().id;
        self.sms.follow(&self.ctx).await.unwrap();
        self.sms.live().of(self.ctx.workspace)[&id].bound().await;
        id
    }

    fn handlers(&self) -> Vec<Arc<dyn Handler>> {
        vec![Arc::new(SendMessages::new(self.sms.clone())), Arc::new(MatchReceipts)]
    }

    async fn work(&self) {
        jobs::drain(&self.ctx.core, &self.handlers()).await.unwrap();
    }

    async fn accept(&self, text: &str) -> MessageView {
        self.accept_new(service(text)).await
    }

    pub async fn accept_new(&self, new: NewMessage) -> MessageView {
        accept(&self.sms, &self.ctx, new).await.unwrap()
    }

    /// Waits until so many messages were accepted, and gives the last one.
    pub async fn accepted(&self, count: usize) -> MessageView {
        let mut fed = self.ctx.db.feed_changed();
        loop {
            let mut all = list(&self.ctx, Filter::default(), None, 100).await.unwrap();
            if all.len() >= count {
                return all.remove(0);
            }
            let more = tokio::time::timeout(std::time::Duration::from_secs(20), fed.changed()).await;
            assert!(more.is_ok(), "{count} messages were not accepted");
        }
    }

    async fn state(&self, id: DeliveryId) -> (MessageState, Option<String>) {
        let (view, _) = find(&self.ctx, id).await.unwrap();
        (view.state, view.reason)
    }

    /// Works until the message stands so.
    pub async fn until(&self, id: DeliveryId, state: MessageState) {
        for _ in 0..400 {
            if self.state(id).await.0 == state {
                return;
            }
            self.work().await;
            tokio::task::yield_now().await;
        }
        panic!("{:?} instead of {state:?}", self.state(id).await);
    }

    /// Waits until so many messages came in.
    pub async fn came_in(&self, count: usize) {
        let mut fed = self.ctx.db.feed_changed();
        while list_inbound(&self.ctx, None, 100).await.unwrap().len() < count {
            let more = tokio::time::timeout(std::time::Duration::from_secs(20), fed.changed()).await;
            assert!(more.is_ok(), "{count} messages did not come in");
        }
    }

    /// Waits until so many receipts wait for their messages.
    async fn kept_receipts(&self, count: u64) {
        store::sql! { KEPT = "SELECT CAST(count(*) AS BIGINT) FROM sms_receipt WHERE workspace = $1"; }
        for _ in 0..100_000 {
            if self.ctx.db.one::<(u64,)>(KEPT, store::params![self.ctx.workspace]).await.unwrap().0 == count {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("{count} receipts are not kept");
    }

    /// Receipts of ids as they wait for their messages, and the job that looks for these.
    async fn keep_receipts(&self, route: RouteId, remotes: impl IntoIterator<Item = String>) {
        store::sql! { KEEP = "INSERT INTO sms_receipt (workspace, id, route, remote, fate, code, at) VALUES ($1, $2, $3, $4, 'delivered', '', $5)"; }
        let mut batch = self.ctx.batch();
        for remote in remotes {
            let id: kernel::EventId = self.ctx.id();
            batch.push(KEEP, store::params![self.ctx.workspace, id, route, remote, self.ctx.now()]);
        }
        batch.job(store::NewJob::now("sms.receipts", serde_json::json!({})).key("all"));
        self.ctx.db.apply(batch).await.unwrap();
    }

    pub async fn lina(&self) -> ContactId {
        people::contacts::by_phone(&self.ctx, &Phone::parse(LINA, None).unwrap()).await.unwrap().unwrap()
    }
}

pub fn service(text: &str) -> NewMessage {
    NewMessage { basis: Some(BasisKind::Contract), ..NewMessage::new(Phone::parse(LINA, None).unwrap(), text) }
}

fn receipt(id: &str, fate: Fate, error: Option<&str>) -> Message {
    let text =
        Receipt { message_id: id.into(), fate, error: error.map(str::to_owned) }.text("2611221000", "2611221001");
    Message { esm_class: esm::RECEIPT, short_message: text.into_bytes(), ..Message::default() }
}

pub fn written(text: &str) -> Message {
    Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: LINA.trim_start_matches('+').into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: OURS.trim_start_matches('+').into() },
        data_coding: if Encoding::of(text) == Encoding::Ucs2 { UCS2 } else { 0 },
        short_message: Encoding::of(text).octets(text),
        ..Message::default()
    }
}

testkit::each_engine! {
    async fn from_acceptance_to_the_telephone(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 40_000)]).await.unwrap();
        balance::configure(&house.ctx, terms()).await.unwrap();
        balance::top_up(&house.ctx, Micros(100_000)).await.unwrap();
        // Hexadecimal in the response, decimal in the receipt.
        let smsc = Smsc::start(|_, _| Reaction::Take("00FF".into())).await;
        let route = house.route("main", &smsc, Rules::default()).await;
        let message = house.accept("مرحبا لينا").await;
        assert_eq!((message.state, message.parts, message.price), (MessageState::Queued, 1, Micros(40_000)));
        assert_eq!(book::get(&house.ctx).await.unwrap().reserved, Micros(40_000));
        house.until(message.id, MessageState::Sent).await;
        smsc.deliver(receipt("255", Fate::Enroute, None));
        smsc.deliver(receipt("255", Fate::Delivered, None));
        // First it waits for a message whose id is that very number.
        house.kept_receipts(1).await;
        t.clock.advance(5);
        house.until(message.id, MessageState::Delivered).await;
        // What comes after the end changes nothing.
        smsc.deliver(receipt("255", Fate::Undeliverable, Some("9")));
        smsc.deliver(written("thanks"));
        house.came_in(1).await;
        house.until(message.id, MessageState::Delivered).await;
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((after.available, after.reserved, after.spent), (Micros(60_000), Micros(0), Micros(40_000)));
        let got = smsc.got.lock().remove(0);
        assert_eq!((got.data_coding, got.source.text.as_str(), got.registered_delivery), (UCS2, "966112345678", 1));
        assert_eq!(Encoding::Ucs2.text(got.octets()), "مرحبا لينا");
        let (view, words) = find(&house.ctx, message.id).await.unwrap();
        assert_eq!((view.route, view.basis.as_str()), (Some(route), "contract"));
        assert_eq!(words.unwrap().1, "مرحبا لينا");
        let steps: Vec<_> = timeline(&house.ctx, message.id).await.unwrap().into_iter().map(|step| step.kind).collect();
        assert_eq!(steps, ["accepted", "part_sent", "part_ended", "delivered"]);
    }

    async fn a_receipt_may_come_before_the_response(t: Fixture) {
        let house = House::new(&t).await;
        let smsc =
            Smsc::start(|_, _| Reaction::DeliverThenTake(receipt("a7", Fate::Delivered, None), "A7".into())).await;
        house.route("main", &smsc, Rules::default()).await;
        let message = house.accept("hello").await;
        house.until(message.id, MessageState::Sent).await;
        t.clock.advance(2);
        house.until(message.id, MessageState::Delivered).await;
    }

    async fn parts_are_counted_paid_and_put_together(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 10)]).await.unwrap();
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        let message = house.accept(&"😀".repeat(36)).await;
        assert_eq!((message.parts, message.price), (2, Micros(20)));
        house.until(message.id, MessageState::Sent).await;
        let parts: Vec<Message> = smsc.got.lock().clone();
        assert!(parts.iter().all(|part| part.esm_class == esm::HEADER));
        let texts: Vec<_> = parts.iter().map(|part| Encoding::Ucs2.text(&part.octets()[6..])).collect();
        assert_eq!(texts, ["😀".repeat(33), "😀".repeat(3)]);
        smsc.deliver(receipt("2", Fate::Delivered, None));
        smsc.deliver(receipt("2", Fate::Delivered, None));
        smsc.deliver(receipt("1", Fate::Undeliverable, Some("27")));
        house.until(message.id, MessageState::Failed).await;
        assert_eq!(house.state(message.id).await.1.as_deref(), Some("27"));
        assert_eq!(book::get(&house.ctx).await.unwrap().spent, Micros(20));
    }

    async fn a_part_that_is_refused_is_not_paid_and_nothing_is_sent_twice(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 10)]).await.unwrap();
        let refuse = |n: usize, _: &Message| if n == 1 { Reaction::Refuse(Status::SYSTEM_ERROR) } else { Reaction::Take(n.to_string()) };
        let (first, second) = (Smsc::start(refuse).await, Smsc::taking().await);
        house.route("first", &first, Rules { priority: 1, ..Rules::default() }).await;
        house.route("second", &second, Rules { priority: 2, ..Rules::default() }).await;
        let message = house.accept(&"a".repeat(400)).await;
        house.until(message.id, MessageState::Failed).await;
        assert_eq!(house.state(message.id).await.1.as_deref(), Some("ESME_RSYSERR"));
        assert_eq!((first.texts(), second.texts()), (3, 0));
        assert_eq!(book::get(&house.ctx).await.unwrap().spent, Micros(20));
    }

    async fn another_route_takes_what_the_first_refuses_but_never_what_it_may_have_taken(t: Fixture) {
        let house = House::new(&t).await;
        let first = Smsc::start(|n, _| if n == 0 { Reaction::Refuse(Status::SYSTEM_ERROR) } else { Reaction::Vanish }).await;
        let second = Smsc::taking().await;
        let refusing = house.route("first", &first, Rules { priority: 1, ..Rules::default() }).await;
        let taking = house.route("second", &second, Rules { priority: 2, ..Rules::default() }).await;
        let message = house.accept("one").await;
        house.until(message.id, MessageState::Sent).await;
        assert_eq!(find(&house.ctx, message.id).await.unwrap().0.route, Some(taking));
        let steps = timeline(&house.ctx, message.id).await.unwrap();
        let tried = steps.iter().find(|step| step.kind == "attempt").unwrap();
        assert_eq!((tried.route, tried.detail.as_deref()), (Some(refusing), Some("ESME_RSYSERR")));
        let doubtful = house.accept("two").await;
        house.until(doubtful.id, MessageState::InDoubt).await;
        t.clock.advance(86_400);
        house.work().await;
        assert_eq!((first.texts(), second.texts()), (2, 1));
    }

    async fn a_receipt_is_never_taken_for_one_with_a_number_like_it(t: Fixture) {
        let house = House::new(&t).await;
        // Hexadecimal in both: sixteen is written like ten.
        let smsc = Smsc::start(|n, _| Reaction::Take(["a", "10"][n].into())).await;
        house.route("main", &smsc, Rules::default()).await;
        let ten = house.accept("ten").await;
        house.until(ten.id, MessageState::Sent).await;
        smsc.deliver(receipt("10", Fate::Delivered, None));
        house.kept_receipts(1).await;
        t.clock.advance(1);
        house.work().await;
        let sixteen = house.accept("sixteen").await;
        t.clock.advance(2);
        house.until(sixteen.id, MessageState::Delivered).await;
        assert_eq!(house.state(ten.id).await.0, MessageState::Sent);
        smsc.deliver(receipt("a", Fate::Delivered, None));
        house.until(ten.id, MessageState::Delivered).await;
    }

    async fn a_flood_of_unknown_receipts_holds_no_other_up(t: Fixture) {
        let house = House::new(&t).await;
        let smsc = Smsc::start(|n, _| Reaction::Take(format!("id{n}"))).await;
        let route = house.route("main", &smsc, Rules::default()).await;
        house.keep_receipts(route, (0..1500).map(|n| format!("nobody{n}"))).await;
        let message = house.accept("hello").await;
        house.until(message.id, MessageState::Sent).await;
        house.keep_receipts(route, ["id0".to_owned()]).await;
        t.clock.advance(1);
        house.work().await;
        assert_eq!(house.state(message.id).await.0, MessageState::Delivered);
        house.kept_receipts(1500).await;
        // In the end they are let go.
        t.clock.advance(900);
        house.work().await;
        house.kept_receipts(0).await;
    }

    async fn traffic_adds_up_by_day_route_and_country(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 40_000)]).await.unwrap();
        let smsc = Smsc::start(|n, _| Reaction::Take(format!("id{n}"))).await;
        let route = house.route("main", &smsc, Rules::default()).await;
        let first = house.accept("hello").await;
        house.until(first.id, MessageState::Sent).await;
        t.clock.advance(7);
        smsc.deliver(receipt("id0", Fate::Delivered, None));
        house.until(first.id, MessageState::Delivered).await;
        let marketing = NewMessage { purpose: Purpose::MARKETING, basis: None, ..service("offer") };
        let refused = house.accept_new(marketing).await;
        assert_eq!(refused.state, MessageState::Denied);
        smsc.deliver(written("thanks"));
        house.came_in(1).await;
        t.clock.advance(86_400);
        let second = house.accept("again").await;
        house.until(second.id, MessageState::Sent).await;

        let today = t.core.clock.now().date();
        let asked = |by| Traffic {
            from: today.yesterday().unwrap(),
            to: today,
            zone: jiff::tz::TimeZone::UTC,
            by,
            country: None,
            network: None,
            route: None,
            originator: None,
        };
        let days = insights(&house.ctx, &asked(GroupBy::Day)).await.unwrap();
        assert_eq!(days.groups.iter().map(|(_, figures)| (figures.messages, figures.refused)).collect::<Vec<_>>(), [(2, 1), (1, 0)]);
        let total = &days.total;
        assert_eq!((total.messages, total.sent, total.delivered, total.under_way), (3, 2, 1, 1));
        assert_eq!((total.spend, total.delivery_rate()), (Micros(80_000), Some(1.0)));
        assert!((5.0..=10.0).contains(&total.receipts_within(0.95).unwrap()));
        assert_eq!((days.inbound, days.refusals.iter().map(|(_, count)| count).sum::<u64>()), (Some((1, 0)), 1));
        let routes = insights(&house.ctx, &asked(GroupBy::Route)).await.unwrap();
        assert_eq!((routes.groups[0].0.as_str(), routes.groups[0].1.messages), (route.to_string().as_str(), 2));
        let elsewhere = Traffic { country: Some("DE".into()), ..asked(GroupBy::Country) };
        let found = insights(&house.ctx, &elsewhere).await.unwrap();
        assert_eq!((found.total.messages, found.groups.len(), found.inbound), (0, 0, None));
        let other = t.workspace().await;
        assert_eq!(insights(&other, &asked(GroupBy::Day)).await.unwrap().total.messages, 0, "nobody else's");
    }

    async fn no_route_waits_and_a_bad_number_ends(t: Fixture) {
        let house = House::new(&t).await;
        let message = house.accept("hello").await;
        house.work().await;
        assert_eq!(house.state(message.id).await, (MessageState::Queued, Some("no_route".into())));
        let smsc = Smsc::start(|_, _| Reaction::Refuse(Status::INVALID_DESTINATION)).await;
        let route = house.route("main", &smsc, Rules::default()).await;
        // Whatever it would have waited: there is a route now.
        t.clock.advance(5);
        house.until(message.id, MessageState::Failed).await;
        assert_eq!(house.state(message.id).await.1.as_deref(), Some("ESME_RINVDSTADR"));
        let paused = Change { state: Some(RouteState::Paused), ..Change::default() };
        routes::change(&house.ctx, route, paused).await.unwrap();
        house.sms.follow(&house.ctx).await.unwrap();
        let waiting = house.accept("later").await;
        house.work().await;
        assert_eq!(house.state(waiting.id).await.1.as_deref(), Some("no_route"));
        t.clock.advance(3 * 86_400);
        house.until(waiting.id, MessageState::Expired).await;
    }

    async fn two_hundred_at_once_on_a_balance_for_one_hundred(t: Fixture) {
        let house = Arc::new(House::new(&t).await);
        let open = Settings { parts_a_day_by_block: None, ..settings::get(&house.ctx).await.unwrap() };
        settings::put(&house.ctx, &open).await.unwrap();
        prices::put(&house.ctx, &[price("SA", 5)]).await.unwrap();
        balance::configure(&house.ctx, terms()).await.unwrap();
        balance::top_up(&house.ctx, Micros(500)).await.unwrap();
        house.accept("first").await;
        let tries: Vec<_> = (0..200)
            .map(|_| {
                let house = Arc::clone(&house);
                tokio::spawn(async move { accept(&house.sms, &house.ctx, service("hello")).await })
            })
            .collect();
        let (mut taken, mut refused) = (1, 0);
        for one in tries {
            match one.await.unwrap() {
                Ok(_) => taken += 1,
                Err(Error::Billing(billing::Error::Insufficient)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((taken, refused), (100, 101));
        assert_eq!(list(&house.ctx, Filter::default(), None, 500).await.unwrap().len(), 100);
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        house.work().await;
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((after.available, after.reserved, after.spent), (Micros(0), Micros(0), Micros(500)));
        assert_eq!(smsc.texts(), 100);
    }

    async fn what_is_not_allowed_is_refused_before_it_costs_anything(t: Fixture) {
        let house = House::new(&t).await;
        let ask = |new: NewMessage| { let house = &house; async move { accept(&house.sms, &house.ctx, new).await.unwrap_err().problem() } };
        let to = |number: &str| NewMessage { to: Phone::parse(number, None).unwrap(), ..service("hello") };
        assert_eq!(ask(to("+14155552671")).await.fields[0].field, "to");
        assert_eq!(ask(service("  ")).await.fields[0].field, "text");
        assert_eq!(ask(service(&"a".repeat(153 * 10 + 1))).await.fields[0].field, "text");
        assert_eq!(ask(NewMessage { from: Some("Other".parse().unwrap()), ..service("x") }).await.fields[0].field, "from");
        assert_eq!(ask(NewMessage { validity: Some(5), ..service("x") }).await.fields[0].field, "validity");
        assert_eq!(ask(NewMessage { basis: Some(BasisKind::Consent), ..service("x") }).await.fields[0].field, "basis");
        senders::add(&house.ctx, &"Barid".parse().unwrap(), &senders::Rules { weight: 0, ..senders::Rules::default() }).await.unwrap();
        let unregistered = ask(NewMessage { from: Some("Barid".parse().unwrap()), ..service("x") }).await;
        assert!(unregistered.detail.contains("registered in SA"), "{}", unregistered.detail);
        balance::configure(&house.ctx, terms()).await.unwrap();
        assert_eq!(ask(service("x")).await.code, kernel::Code::Unpriced);
        let capped = Settings { parts_a_day: Some(1), ..settings::get(&house.ctx).await.unwrap() };
        settings::put(&house.ctx, &capped).await.unwrap();
        prices::put(&house.ctx, &[price("SA", 0)]).await.unwrap();
        house.accept("one").await;
        assert_eq!(ask(service("two")).await.code, kernel::Code::RateLimited);
        t.clock.advance(86_400);
        house.accept("next day").await;
        assert_eq!(list(&house.ctx, Filter::default(), None, 10).await.unwrap().len(), 2);
    }

    async fn who_gave_no_basis_is_denied_and_it_is_kept(t: Fixture) {
        let house = House::new(&t).await;
        let marketing = NewMessage { basis: None, purpose: Purpose::MARKETING, ..service("Sale!") };
        let denied = accept(&house.sms, &house.ctx, marketing).await.unwrap();
        assert_eq!((denied.state, denied.basis.as_str()), (MessageState::Denied, ""));
        assert!(denied.reason.is_some());
        assert_eq!(find(&house.ctx, denied.id).await.unwrap().1, None, "nothing is kept of its words");
        assert_eq!(book::get(&house.ctx).await.unwrap().reserved, Micros(0));
    }

    async fn stop_in_arabic_ends_marketing_at_once_and_is_confirmed_once(t: Fixture) {
        let house = House::new(&t).await;
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        let message = house.accept("hello").await;
        house.until(message.id, MessageState::Sent).await;
        let consent = Statement {
            subject: house.lina().await,
            purpose: Purpose::MARKETING,
            channel: Channel::Sms,
            topic: None,
            basis: BasisKind::Consent,
            state: ConsentState::Given,
            at: house.ctx.now(),
            expires_at: None,
            detail: json!({ "source": "form", "wording": "Write to me" }),
        };
        state(&house.ctx, consent).await;
        let marketing = || NewMessage { basis: None, purpose: Purpose::MARKETING, ..service("Sale!") };
        // Lina is asleep at some hours: at noon she may be written to.
        t.clock.set("2026-11-22T09:00:00Z".parse().unwrap());
        let before = accept(&house.sms, &house.ctx, marketing()).await.unwrap();
        assert_eq!(before.state, MessageState::Queued, "{before:?}");
        smsc.deliver(written("إلغاء"));
        house.came_in(1).await;
        house.until(before.id, MessageState::Denied).await;
        let after = accept(&house.sms, &house.ctx, marketing()).await.unwrap();
        assert_eq!(after.state, MessageState::Denied);
        smsc.deliver(written("STOP"));
        house.came_in(2).await;
        house.work().await;
        let words: Vec<String> = smsc.got.lock().iter().map(|got| Encoding::Ucs2.text(got.octets())).collect();
        assert_eq!(words.iter().filter(|text| text.contains("لن تصلك")).count(), 1, "{words:?}");
        let (inbound, said) = list_inbound(&house.ctx, None, 10).await.unwrap().pop().unwrap();
        assert_eq!((inbound.keyword.as_str(), said.unwrap().1.as_str()), ("stop", "إلغاء"));
        // Who comes back is written to again.
        smsc.deliver(written("ابدأ"));
        house.came_in(3).await;
        let again = accept(&house.sms, &house.ctx, marketing()).await.unwrap();
        assert_eq!(again.state, MessageState::Queued, "{again:?}");
    }

    async fn incoming_parts_in_any_order_and_twice(t: Fixture) {
        let house = House::new(&t).await;
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        let part = |number, text: &str| {
            let header = Concatenation { reference: 9, long: false, total: 2, number };
            Message { esm_class: esm::HEADER, short_message: [header.octets(), Encoding::Ucs2.octets(text)].concat(), data_coding: UCS2, ..written("") }
        };
        for message in [part(2, "صباحا"), part(2, "صباحا"), part(1, "نلتقي غدا "), part(1, "نلتقي غدا ")] {
            smsc.deliver(message);
        }
        // The same content by other means: one part by optional parameters, one message by a payload.
        let sar = |number: u8, text: &str| Message {
            tlvs: Tlvs::default().with(tag::SAR_REFERENCE, [0, 9]).with(tag::SAR_TOTAL, [2]).with(tag::SAR_NUMBER, [number]),
            ..written(text)
        };
        smsc.deliver(sar(1, "one "));
        smsc.deliver(sar(2, "two"));
        smsc.deliver(Message { short_message: Vec::new(), tlvs: Tlvs::default().with(tag::MESSAGE_PAYLOAD, b"long".to_vec()), ..written("") });
        house.came_in(3).await;
        let mut texts: Vec<_> = list_inbound(&house.ctx, None, 10).await.unwrap().into_iter().map(|(_, words)| words.unwrap().1).collect();
        texts.sort();
        assert_eq!(texts, ["long", "one two", "نلتقي غدا صباحا"]);
    }

    async fn what_a_dead_worker_held_is_in_doubt_and_paid(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 7)]).await.unwrap();
        // A centre that never answers: were the connection to end, the worker might write before it dies.
        let smsc = Smsc::start(|_, _| Reaction::Keep).await;
        house.route("main", &smsc, Rules::default()).await;
        let (left, waiting) = (house.accept("one").await, house.accept("two").await);
        cancel(&house.ctx, waiting.id).await.unwrap();
        assert!(matches!(cancel(&house.ctx, waiting.id).await, Err(Error::Conflict(_))));
        // A worker takes the message and dies before it can write anything down.
        let handler = SendMessages::new(house.sms.clone());
        let job = jobs::claim(&house.ctx.core, telecom::messages::QUEUE, 1).await.unwrap().remove(0);
        {
            let mut run = handler.run(&house.ctx.core, job);
            while smsc.texts() == 0 {
                tokio::select! { _ = &mut run => break, () = tokio::task::yield_now() => {} }
            }
        }
        assert_eq!(house.state(left.id).await.0, MessageState::Sending);
        t.clock.advance(1000);
        assert_eq!(telecom::messages::recover(&house.ctx.core, None).await.unwrap(), 1);
        assert_eq!(house.state(left.id).await.0, MessageState::InDoubt);
        t.clock.advance(86_400);
        house.work().await;
        assert_eq!(smsc.texts(), 1);
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((after.reserved, after.spent), (Micros(0), Micros(7)));
    }

    async fn without_a_receipt_a_message_ends_as_expired_and_a_late_one_still_counts(t: Fixture) {
        let house = House::new(&t).await;
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        let message = accept(&house.sms, &house.ctx, NewMessage { validity: Some(600), ..service("x") }).await.unwrap();
        house.until(message.id, MessageState::Sent).await;
        assert_eq!(smsc.got.lock()[0].validity, "000000001000000R");
        t.clock.advance(600 + 3600);
        house.until(message.id, MessageState::Expired).await;
        assert_eq!(house.state(message.id).await.1.as_deref(), Some("no_receipt"));
        smsc.deliver(receipt("1", Fate::Delivered, None));
        house.until(message.id, MessageState::Delivered).await;
    }

    async fn a_trial_goes_all_the_way_and_nowhere(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price("SA", 7)]).await.unwrap();
        let smsc = Smsc::taking().await;
        house.route("main", &smsc, Rules::default()).await;
        let at = Some(house.ctx.now().plus_seconds(3600));
        let message = accept(&house.sms, &house.ctx, NewMessage { trial: true, at, ..service("x") }).await.unwrap();
        house.work().await;
        assert_eq!(house.state(message.id).await.0, MessageState::Queued, "it is not due yet");
        t.clock.advance(3600);
        house.until(message.id, MessageState::Delivered).await;
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((smsc.texts(), after.spent, after.reserved), (0, Micros(0), Micros(0)));
    }
}

async fn state(ctx: &Ctx, statement: Statement) {
    let keys = ctx.keys().await.unwrap();
    let subject = ctx.vault.subject(ctx.workspace, statement.subject).await.unwrap();
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, &keys, &subject, statement).unwrap();
    ctx.db.apply(batch).await.unwrap();
}

fn terms() -> Terms {
    Terms { currency: "SAR".into(), credit: Some(Micros(0)), low_at: Micros(0) }
}

fn price(country: &str, amount: i64) -> Price {
    Price {
        service: "sms".into(),
        country: country.into(),
        network: String::new(),
        sender: String::new(),
        since: Timestamp(0),
        amount: Micros(amount),
    }
}

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

testkit::each_engine! {
    async fn every_column_is_annotated_and_every_row_ends(t: Fixture) {
        let faults = privacy::retention::faults(&t.core.db).await.unwrap();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
