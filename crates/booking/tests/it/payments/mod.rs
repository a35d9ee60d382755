//! What costs something: from the provider's page to the booking that stands, and the way back of the money.

mod till;

use std::sync::Arc;

use billing::payment::accounts::Connect;
use billing::payment::{self, PaymentState};
use booking::event_types::{self, EventType, TypeState};
use booking::model::{Definition, Payment};
use booking::offer::{Wanted, offer};
use booking::payments::{Page, PaymentJob, Payments};
use booking::reservations::{self, Booking, By, State, approve, cancel, cancel_and};
use kernel::{Code, Email, Timestamp};
use outbound::webhooks::{Policy, SystemLookup};
use store::jobs::{self, Handler};
use testkit::Fixture;

use crate::house::{House, at};
use till::{Till, signature};

const START: &str = "2026-11-24T08:00:00Z";
const BACK: &str = "/book/b/token?lang=ar";

struct Desk {
    house: House,
    of: EventType,
    till: Till,
    payments: Payments,
    handlers: Vec<Arc<dyn Handler>>,
}

fn keys(base: Option<String>) -> Connect {
    Connect { secret: Some("sk_test_1".into()), signing: Some("whsec_1".into()), base }
}

fn price(definition: &mut Definition) {
    definition.payment =
        Some(Payment { amount: 15_000, currency: "SAR".into(), pay_within: 30, refund_until: Some(24 * 60) });
}

impl Desk {
    async fn open(t: Fixture) -> Self {
        let (house, till) = (House::build(t).await, Till::start().await);
        let policy = Policy::new(["127.0.0.1"]).unwrap();
        let payments = Payments::new(policy, Arc::new(SystemLookup), "https://book.example").unwrap();
        payments.connect(&house.ctx, keys(Some(till.base()))).await.unwrap();
        let host = house.host().await;
        let of = house.event(&[host], price).await;
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(PaymentJob::new(payments.clone()))];
        Self { house, of, till, payments, handlers }
    }

    async fn book(&self, who: &str) -> Booking {
        self.house.book(&self.of, who, START).await.unwrap()
    }

    /// The booking as it stands once everything that is due was done.
    async fn stands(&self, booking: &Booking) -> Booking {
        jobs::drain(&self.house.ctx.core, &self.handlers).await.unwrap();
        reservations::get(&self.house.ctx, booking.id).await.unwrap()
    }

    async fn page(&self, booking: &Booking) -> booking::Result<Page> {
        self.payments.open(&self.house.ctx, (booking, &self.of), BACK).await
    }

    /// The provider calls, properly signed.
    async fn told(&self, kind: &str, number: usize) -> booking::Result<()> {
        let body = self.till.call(kind, number);
        self.payments.notice(&self.house.ctx, &signature(self.now(), &body, "whsec_1"), body.as_bytes()).await
    }

    fn now(&self) -> Timestamp {
        self.house.ctx.now()
    }

    async fn free(&self) -> bool {
        let start = at(START);
        let answer = offer(&self.house.ctx, &self.of, &Wanted::between(start, start.plus_seconds(60))).await.unwrap();
        answer.answer.starts.iter().any(|one| one.at == start.0)
    }

    async fn paid(&self, who: &str) -> Booking {
        let booking = self.book(who).await;
        self.page(&booking).await.unwrap();
        let last = self.till.state.lock().pages.len() - 1;
        self.till.pay(last);
        self.told("checkout.session.completed", last).await.unwrap();
        self.stands(&booking).await
    }
}

fn payment_of(booking: &Booking) -> &str {
    booking.payment.as_deref().unwrap_or_default()
}

testkit::each_engine! {
    async fn the_booking_stands_once_the_money_is_there(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        assert_eq!((booking.state, payment_of(&booking)), (State::Pending, "open"));
        assert!(!desk.free().await, "the time is kept meanwhile");
        assert_eq!(approve(&desk.house.ctx, &booking).await.unwrap_err().problem().code, Code::Conflict);
        assert_eq!(desk.page(&booking).await.unwrap(), Page::Open("https://pay.example/cs_0".into()));
        // Whoever turned back is led to the same page: nobody pays twice.
        assert_eq!(desk.page(&booking).await.unwrap(), Page::Open("https://pay.example/cs_0".into()));
        let order = desk.till.state.lock().pages[0].clone();
        assert_eq!((order.amount, order.currency.as_str()), (15_000, "sar"));
        assert_eq!(order.form["success_url"], format!("https://book.example{BACK}&paid=1"));
        assert_eq!(order.form["cancel_url"], format!("https://book.example{BACK}"));
        assert_eq!(order.form["customer_email"], "lina@guest.example");
        desk.till.pay(0);
        desk.told("checkout.session.completed", 0).await.unwrap();
        let stands = desk.stands(&booking).await;
        assert_eq!((stands.state, payment_of(&stands), stands.sequence), (State::Confirmed, "paid", 0));
        // Told again, and again later: nothing happens again, and no mail is planned twice.
        let feed = store::feed::head(&desk.house.ctx.db, desk.house.ctx.workspace).await.unwrap();
        desk.told("checkout.session.completed", 0).await.unwrap();
        assert_eq!(store::feed::head(&desk.house.ctx.db, desk.house.ctx.workspace).await.unwrap(), feed);
        assert_eq!(desk.page(&stands).await.unwrap(), Page::Settled);
        desk.house.fixture.clock.advance(3600);
        assert_eq!(desk.stands(&booking).await.state, State::Confirmed, "the term has no hold on it any more");
    }

    async fn forged_and_foreign_calls_change_nothing(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        desk.till.pay(0);
        let ctx = &desk.house.ctx;
        let body = desk.till.call("checkout.session.completed", 0);
        for header in [
            signature(desk.now(), &body, "whsec_2"),
            signature(desk.now().plus_seconds(-301), &body, "whsec_1"),
            signature(desk.now(), &body.replace("15000", "1"), "whsec_1"),
            String::new(),
        ] {
            let refused = desk.payments.notice(ctx, &header, body.as_bytes()).await.unwrap_err();
            assert_eq!(refused.problem().code, Code::Unauthenticated);
        }
        let other = desk.house.fixture.workspace().await;
        let good = signature(desk.now(), &body, "whsec_1");
        let refused = desk.payments.notice(&other, &good, body.as_bytes()).await.unwrap_err();
        assert_eq!(refused.problem().code, Code::Conflict, "no account there");
        desk.payments.connect(&other, keys(Some(desk.till.base()))).await.unwrap();
        desk.payments.notice(&other, &good, body.as_bytes()).await.unwrap();
        assert_eq!(desk.stands(&booking).await.state, State::Pending, "another workspace's call is about nothing here");
        for junk in ["", "{}", "[1]", r#"{"type":"checkout.session.completed","data":{"object":{}}}"#] {
            let good = signature(desk.now(), junk, "whsec_1");
            assert!(desk.payments.notice(ctx, &good, junk.as_bytes()).await.is_err(), "{junk}");
        }
    }

    async fn unpaid_times_are_free_when_their_term_ends(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        desk.house.fixture.clock.advance(29 * 60);
        assert_eq!(desk.stands(&booking).await.state, State::Pending);
        desk.house.fixture.clock.advance(61);
        let gone = desk.stands(&booking).await;
        assert_eq!((gone.state, payment_of(&gone), gone.ended_by.as_deref()), (State::Cancelled, "expired", Some("system")));
        assert_eq!(desk.till.state.lock().pages[0].status, "expired", "nobody pays for it any more");
        assert!(desk.free().await);
        // Somebody else has it; money that comes late all the same goes back.
        let next = desk.book("omar").await;
        desk.till.pay(0);
        desk.told("checkout.session.completed", 0).await.unwrap();
        let late = desk.stands(&booking).await;
        assert_eq!((late.state, payment_of(&late)), (State::Cancelled, "refunded"));
        assert_eq!(desk.till.state.lock().refunds, ["pi_0"]);
        assert_eq!(desk.stands(&next).await.state, State::Pending);
    }

    async fn the_provider_is_asked_before_a_time_is_given_away(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        desk.till.pay(0);
        desk.till.state.lock().broken = Some((503, "busy"));
        desk.house.fixture.clock.advance(31 * 60);
        assert_eq!(desk.stands(&booking).await.state, State::Pending, "nobody knows yet");
        desk.till.state.lock().broken = None;
        desk.house.fixture.clock.advance(61);
        let stands = desk.stands(&booking).await;
        assert_eq!((stands.state, payment_of(&stands)), (State::Confirmed, "paid"));
        // A provider that stays away does not keep a time for good.
        let other = desk.house.book(&desk.of, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        desk.page(&other).await.unwrap();
        desk.till.state.lock().broken = Some((503, "busy"));
        for _ in 0..62 {
            desk.house.fixture.clock.advance(61);
            desk.stands(&other).await;
        }
        assert_eq!(desk.stands(&other).await.state, State::Cancelled);
    }

    async fn a_payer_who_is_back_before_the_call_is_believed_when_the_provider_says_so(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        assert_eq!(desk.payments.look(&desk.house.ctx, booking.id).await.unwrap().state, State::Pending);
        desk.till.pay(0);
        assert_eq!(desk.payments.look(&desk.house.ctx, booking.id).await.unwrap().state, State::Confirmed);
    }

    async fn another_amount_waits_for_a_member(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        desk.till.state.lock().pages[0].amount = 100;
        desk.till.pay(0);
        desk.told("checkout.session.completed", 0).await.unwrap();
        desk.house.fixture.clock.advance(3600);
        let odd = desk.stands(&booking).await;
        assert_eq!((odd.state, payment_of(&odd)), (State::Pending, "mismatched"));
        assert_eq!(approve(&desk.house.ctx, &odd).await.unwrap().state, State::Confirmed);
        let gone = cancel(&desk.house.ctx, &odd, By::Member, None).await.unwrap();
        assert_eq!(payment_of(&gone), "refunding");
        assert_eq!(payment_of(&desk.stands(&booking).await), "refunded");
    }

    async fn a_payment_that_failed_may_be_tried_again(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.book("lina").await;
        desk.page(&booking).await.unwrap();
        desk.till.state.lock().pages[0].status = "complete";
        desk.told("checkout.session.async_payment_failed", 0).await.unwrap();
        let failed = desk.stands(&booking).await;
        assert_eq!((failed.state, payment_of(&failed)), (State::Pending, "failed"));
        assert_eq!(desk.page(&failed).await.unwrap(), Page::Open("https://pay.example/cs_1".into()));
        desk.till.pay(1);
        desk.told("checkout.session.completed", 1).await.unwrap();
        assert_eq!(desk.stands(&booking).await.state, State::Confirmed);
        // The first attempt arrives after all: that money goes back, the booking stands.
        desk.till.pay(0);
        desk.told("checkout.session.async_payment_succeeded", 0).await.unwrap();
        let stands = desk.stands(&booking).await;
        assert_eq!((stands.state, payment_of(&stands)), (State::Confirmed, "paid"));
        assert_eq!(desk.till.state.lock().refunds, ["pi_0"]);
    }

    async fn money_goes_back_as_the_event_type_says(t: Fixture) {
        let desk = Desk::open(t).await;
        let ctx = &desk.house.ctx;
        // More than a day before: the attendee has it back.
        let early = desk.paid("early").await;
        let gone = cancel(ctx, &early, By::Attendee, None).await.unwrap();
        assert_eq!(payment_of(&gone), "refunding");
        assert_eq!(payment_of(&desk.stands(&early).await), "refunded");
        assert_eq!(desk.till.state.lock().refunds, ["pi_0"]);
        // A member may keep it, and give it back later all the same.
        let kept = desk.paid("kept").await;
        let gone = cancel_and(ctx, &kept, (By::Member, Some(false)), None).await.unwrap();
        assert_eq!(payment_of(&desk.stands(&gone).await), "paid");
        desk.payments.give_back(ctx, &gone).await.unwrap();
        assert_eq!(payment_of(&desk.stands(&gone).await), "refunded");
        assert!(desk.payments.give_back(ctx, &gone).await.is_err(), "once");
        // Half a day before: it stays, unless the organisation calls off.
        let late = desk.paid("late").await;
        desk.house.fixture.clock.advance(2 * 86_400 + 43_200);
        let gone = cancel(ctx, &late, By::Attendee, None).await.unwrap();
        assert_eq!(payment_of(&desk.stands(&gone).await), "paid");
        let off = desk.paid("off").await;
        cancel(ctx, &off, By::Member, None).await.unwrap();
        assert_eq!(payment_of(&desk.stands(&off).await), "refunded");
        // Money that was rightly kept stays when the booking is erased.
        reservations::erase_by_email(ctx, &Email::parse("late@guest.example").unwrap()).await.unwrap();
        // Erased with what was to come: nobody pays for what they will not have.
        desk.paid("erased").await;
        reservations::erase_by_email(ctx, &Email::parse("erased@guest.example").unwrap()).await.unwrap();
        jobs::drain(&ctx.core, &desk.handlers).await.unwrap();
        assert_eq!(desk.till.state.lock().refunds.len(), 4);
        // So it is when the person is erased from the whole workspace.
        let person = desk.paid("person").await;
        people::contacts::erase(ctx, &privacy::gate::Gate::new(), person.contact).await.unwrap();
        jobs::drain(&ctx.core, &desk.handlers).await.unwrap();
        assert_eq!(desk.till.state.lock().refunds.len(), 5);
        let all = payment::of_reference(ctx, person.id.into()).await.unwrap();
        assert_eq!(all[0].state, PaymentState::Refunded);
    }

    async fn a_refund_that_is_refused_is_not_forgotten(t: Fixture) {
        let desk = Desk::open(t).await;
        let booking = desk.paid("lina").await;
        cancel(&desk.house.ctx, &booking, By::Member, None).await.unwrap();
        desk.till.state.lock().broken = Some((503, "busy"));
        assert_eq!(payment_of(&desk.stands(&booking).await), "refunding");
        desk.till.state.lock().broken = Some((402, r#"{"error":{"message":"Insufficient funds"}}"#));
        desk.house.fixture.clock.advance(601);
        let stuck = desk.stands(&booking).await;
        assert_eq!(payment_of(&stuck), "refund_failed");
        desk.till.state.lock().broken = None;
        desk.payments.give_back(&desk.house.ctx, &stuck).await.unwrap();
        assert_eq!(payment_of(&desk.stands(&booking).await), "refunded");
        let all = payment::of_reference(&desk.house.ctx, booking.id.into()).await.unwrap();
        assert_eq!(all[0].state, PaymentState::Refunded);
    }

    async fn nothing_is_sold_that_cannot_be_paid(t: Fixture) {
        let desk = Desk::open(t).await;
        let ctx = &desk.house.ctx;
        let one = Connect { signing: Some("whsec_2".into()), ..Connect::default() };
        let stands = desk.payments.connect(ctx, one).await.unwrap();
        assert_eq!((stands.base, stands.test), (desk.till.base(), true), "what is absent stays");
        desk.payments.disconnect(ctx).await.unwrap();
        assert_eq!(desk.payments.standing(ctx).await.unwrap().connected_at, None);
        assert_eq!(desk.house.book(&desk.of, "lina", START).await.unwrap_err().problem().code, Code::Conflict);
        let mut definition = desk.of.definition.clone();
        definition.payment.as_mut().unwrap().amount = 1;
        let refused = event_types::create(ctx, "costs", TypeState::Active, definition).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].field, "payment");
        for (base, said) in [
            ("http://192.168.0.1/", "api_base"),
            ("https://evil.example/", "api_base"),
            ("ftp://127.0.0.1/", "api_base"),
            ("http://127.0.0.1/?x=1", "api_base"),
            ("nonsense", "api_base"),
        ] {
            let refused = desk.payments.connect(ctx, keys(Some(base.into()))).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].field, said, "{base}");
        }
        assert!(desk.payments.connect(ctx, keys(None)).await.is_err(), "the operator did not name Stripe");
    }
}
