//! Saved methods and recharging at a provider that remembers, on both databases.

mod dying;
mod stub;

use std::sync::Arc;

use billing::balance::{self, Terms as Behaviour};
use billing::payment::saved::Display;
use billing::recharge::agreed::{AUTO_RECHARGE, SAVED_METHOD};
use billing::recharge::method::{self, Saved};
use billing::recharge::setting::{self, Terms};
use billing::recharge::{self, Agreeing, QUEUE, RechargeJob, State, VERSION};
use billing::{Error, Micros};
use kernel::{ContactId, DeliveryId, EventId, RawId, UserId};
use privacy::agreements;
use privacy::vocabulary::Purpose;
use serde_json::{Value as Json, json};
use store::jobs::{self, Handler};
use store::{Actor, Ctx, params};
use stub::{NUMBER, Stub};
use testkit::Fixture;

const UNIT: i64 = 1_000_000;

store::sql! {
    PUT_WORKSPACE = "INSERT INTO workspace (workspace, name, slug, language, postal_address, settings, second_factor, state, version, created_at, updated_at)
        VALUES ($1, 'Nur', $2, 'ar', '', $3, '', 'active', 1, $4, $4)";
    FORGE_TERMS = "UPDATE recharge_setting SET amount = $2, cap = $2, enabled = $3 WHERE workspace = $1";
    FORGE_FLAG = "UPDATE recharge_setting SET enabled = $2, consent = $3 WHERE workspace = $1";
    ARM = "UPDATE balance SET recharge_at = $2 WHERE workspace = $1";
}

struct House {
    t: Fixture,
    ctx: Ctx,
    stub: Stub,
    handlers: Vec<Arc<dyn Handler>>,
}

fn words() -> Agreeing {
    Agreeing { version: VERSION.into(), language: "ar".into(), ip: Some("192.0.2.7".into()), user_agent: None }
}

fn terms(floor: i64, amount: i64, cap: i64) -> Terms {
    Terms { floor: Micros(floor * UNIT), amount: Micros(amount * UNIT), cap: Micros(cap * UNIT) }
}

impl House {
    /// A workspace with a prepaid balance, and a member who acts.
    async fn new(t: Fixture) -> Self {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        let settings = r#"{"time_zone":"Asia/Riyadh"}"#;
        batch.push(PUT_WORKSPACE, params![ctx.workspace, ctx.workspace.to_string(), settings, ctx.now()]);
        ctx.db.apply(batch).await.unwrap();
        let ctx = t.core.ctx(ctx.workspace, Actor::User(UserId([7; 16])));
        let behaviour = Behaviour { currency: "SAR".into(), credit: Some(Micros(0)), low_at: Micros(0) };
        balance::configure(&ctx, behaviour).await.unwrap();
        let stub = Stub::start().await;
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(RechargeJob::new(Arc::new(stub.clone())))];
        Self { t, ctx, stub, handlers }
    }

    /// The same with a card that the provider keeps.
    async fn with_card(t: Fixture) -> Self {
        let this = Self::new(t).await;
        this.save("card").await;
        this
    }

    async fn save(&self, kind: &'static str) -> Saved {
        let (id, url) = method::begin(&self.ctx, &self.stub, &words()).await.unwrap();
        assert!(url.starts_with("https://pay.example/"));
        self.stub.enter(kind);
        method::look(&self.ctx, &self.stub, id).await.unwrap();
        method::get(&self.ctx).await.unwrap()
    }

    /// Turns recharging on above an ample balance.
    async fn on(&self, terms: Terms) -> setting::AutoRecharge {
        balance::top_up(&self.ctx, Micros(100 * UNIT)).await.unwrap();
        setting::put(&self.ctx, &self.stub, terms, &words()).await.unwrap()
    }

    async fn spend(&self, units: i64) -> bool {
        let reference: RawId = self.ctx.id::<DeliveryId>().into();
        let call = self.ctx.clone();
        self.ctx.db.tx(move |tx| balance::reserve(tx, &call, reference, Micros(units * UNIT))).await.unwrap()
    }

    /// Everything that is due now.
    async fn work(&self) {
        jobs::drain(&self.t.core, &self.handlers).await.unwrap();
    }

    async fn later(&self, seconds: i64) {
        self.t.clock.advance(seconds);
        self.work().await;
    }

    async fn available(&self) -> i64 {
        balance::get(&self.ctx).await.unwrap().available.0 / UNIT
    }

    async fn states(&self) -> Vec<State> {
        recharge::list(&self.ctx, None, 100).await.unwrap().into_iter().map(|one| one.state).collect()
    }

    async fn told(&self, kind: &str) -> Vec<Json> {
        let all = store::feed::read_after(&self.ctx.db, self.ctx.workspace, 0, 1000).await.unwrap();
        all.into_iter().filter(|event| event.kind == kind).map(|event| event.data).collect()
    }

    async fn agreement(&self, code: &str, event: EventId) -> Option<Json> {
        let purpose = Purpose::new(code).unwrap();
        let found = agreements::standing(&self.ctx, (ContactId([7; 16]), &purpose), event).await.unwrap();
        found.map(|agreement| agreement.detail)
    }
}

testkit::each_engine! {
    async fn a_page_is_paid_and_the_balance_grows_once(t: Fixture) {
        let house = House::new(t).await;
        let made = recharge::open(&house.ctx, &house.stub, Micros(50 * UNIT)).await.unwrap();
        assert_eq!((made.state, made.page.as_deref()), (State::Waiting, Some("https://pay.example/cs_0")));
        assert!(recharge::open(&house.ctx, &house.stub, Micros(1)).await.is_err(), "no coin is that small");
        assert_eq!(recharge::look(&house.ctx, &house.stub, made.id).await.unwrap().state, State::Waiting);
        house.stub.pay();
        for _ in 0..3 {
            let look = || recharge::look(&house.ctx, &house.stub, made.id);
            let (a, b, c, d) = tokio::join!(look(), look(), look(), look());
            for one in [a, b, c, d] { assert_eq!(one.unwrap().state, State::Paid); }
        }
        assert_eq!(house.available().await, 50);
        assert_eq!(house.told("balance.recharged").await.len(), 1);
        let entries = balance::entries(&house.ctx, None, 10).await.unwrap();
        assert_eq!((entries.len(), entries[0].kind.as_str(), entries[0].id.0), (1, "payment", made.id.0));
        let open = recharge::open(&house.ctx, &house.stub, Micros(10 * UNIT)).await.unwrap();
        assert_eq!(recharge::cancel(&house.ctx, &house.stub, open.id).await.unwrap().state, State::Cancelled);
        assert_eq!(house.available().await, 50);
    }

    async fn only_what_a_method_is_recognised_by_is_kept(t: Fixture) {
        let house = House::new(t).await;
        let saved = house.save("card").await;
        let method = saved.method.unwrap();
        let card = Display::Card { last4: "4242".into(), exp_month: 12, exp_year: 2029, holder: Some("Layla Haddad".into()) };
        assert_eq!(method.display, card);
        let agreed = house.agreement(SAVED_METHOD, method.consent.event).await.unwrap();
        assert!(agreed["wording"].as_str().unwrap().contains("أوافق") && agreed["version"] == VERSION && agreed["ip"] == "192.0.2.7");
        let Display::Ideal { iban, bic, name } = house.save("ideal").await.method.unwrap().display else { panic!("ideal") };
        assert_eq!((iban.as_deref(), bic.as_deref(), name.as_deref()), (Some("NL**1234"), Some("INGBNL2A"), Some("L. Haddad")));
        let Display::Paypal { email } = house.save("paypal").await.method.unwrap().display else { panic!("paypal") };
        assert_eq!(email.as_deref(), Some("layla@pay.example"));
        house.work().await;
        assert_eq!(house.stub.books.lock().methods.len(), 1, "what was replaced is forgotten at the provider");
        let file = house.t.path().join("scan");
        house.ctx.db.backup_file(file.clone()).await.unwrap();
        let bytes = std::fs::read(file).unwrap();
        for plain in [NUMBER, "Layla Haddad", "layla@pay.example", "cus_0", "pm_2"] {
            assert!(!bytes.windows(plain.len()).any(|at| at == plain.as_bytes()), "{plain} rests in the database");
        }
    }

    async fn an_agreement_is_a_persons_own(t: Fixture) {
        let house = House::with_card(t).await;
        let key = house.t.core.ctx(house.ctx.workspace, Actor::System);
        assert!(matches!(method::begin(&key, &house.stub, &words()).await, Err(Error::Person)));
        assert!(matches!(setting::put(&key, &house.stub, terms(5, 50, 100), &words()).await, Err(Error::Person)));
        let old = Agreeing { version: "2020-01".into(), ..words() };
        let refused = setting::put(&house.ctx, &house.stub, terms(5, 50, 100), &old).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].field, "words.version");
        for wrong in [terms(-1, 50, 100), terms(5, 0, 100), terms(5, 50, 49)] {
            assert!(setting::put(&house.ctx, &house.stub, wrong, &words()).await.is_err(), "{wrong:?}");
        }
        assert!(!setting::get(&house.ctx).await.unwrap().enabled, "off by default");
    }

    async fn fifty_at_once_cross_the_floor_and_one_recharge_begins(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (ctx, reference): (Ctx, RawId) = (house.ctx.clone(), house.ctx.id::<DeliveryId>().into());
            all.spawn(async move {
                // Who is told that too many change the balance at once asks again.
                loop {
                    let call = ctx.clone();
                    match ctx.db.tx(move |tx| balance::reserve(tx, &call, reference, Micros(UNIT))).await {
                        Err(store::Error::Unavailable(_)) => tokio::task::yield_now().await,
                        answered => return answered.unwrap(),
                    }
                }
            });
        }
        while let Some(done) = all.join_next().await { assert!(done.unwrap()); }
        // Several workers look at the same time, too.
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (core, handlers) = (house.t.core.clone(), house.handlers.clone());
            workers.spawn(async move { jobs::drain(&core, &handlers).await.unwrap() });
        }
        while workers.join_next().await.is_some() {}
        house.work().await;
        assert_eq!((house.states().await, house.available().await), (vec![State::Paid], 100));
        assert_eq!((house.stub.count("succeeded"), house.told("balance.recharged").await.len()), (1, 1));
        let paid = recharge::list(&house.ctx, None, 1).await.unwrap().remove(0);
        let agreed = house.agreement(AUTO_RECHARGE, paid.consent.unwrap().event).await.unwrap();
        assert_eq!((&agreed["amount_micros"], &agreed["floor_micros"]), (&json!(50 * UNIT), &json!(60 * UNIT)));
        assert_eq!(agreed["monthly_cap_micros"], 500 * UNIT);
        assert!(agreed["wording"].as_str().unwrap().contains("{amount}") && agreed["language"] == "ar");
    }

    async fn a_forged_flag_moves_nothing_and_is_said(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        // Switched on again behind the member's back, after they took it back.
        setting::withdraw(&house.ctx).await.unwrap();
        let mut forged = house.ctx.batch();
        forged.push(FORGE_FLAG, params![house.ctx.workspace, true, house.ctx.id::<EventId>()]);
        forged.push(ARM, params![house.ctx.workspace, 60 * UNIT]);
        house.ctx.db.apply(forged).await.unwrap();
        assert!(house.spend(50).await);
        house.work().await;
        assert_eq!(house.states().await, [State::Refused]);
        assert_eq!(house.stub.books.lock().intents.len(), 0, "the provider was not even asked");
        assert_eq!(house.told("balance.recharge_failed").await[0]["reason"], "no_consent");
        let now = setting::get(&house.ctx).await.unwrap();
        assert_eq!((now.enabled, now.stopped.unwrap().0.as_str()), (false, "no_consent"));
        assert_eq!(jobs::pending(&house.ctx.db, recharge::NOTICE_QUEUE).await.unwrap(), 1);
        // An agreement, but to less than what the table says.
        setting::put(&house.ctx, &house.stub, terms(1, 50, 500), &words()).await.unwrap();
        let mut forged = house.ctx.batch();
        forged.push(FORGE_TERMS, params![house.ctx.workspace, 5000 * UNIT, true]);
        house.ctx.db.apply(forged).await.unwrap();
        house.spend(50).await;
        house.work().await;
        assert_eq!(house.states().await[0], State::Refused);
        assert_eq!(house.told("balance.recharge_failed").await[1]["reason"], "consent_differs");
        assert_eq!(house.stub.books.lock().intents.len(), 0);
    }

    async fn the_month_has_a_cap(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 100)).await;
        for _ in 0..4 {
            assert!(house.spend(50).await);
            house.work().await;
        }
        assert_eq!(house.states().await, [State::Paid, State::Paid]);
        let said = house.told("balance.recharge_failed").await;
        assert_eq!((said.len(), &said[0]["reason"]), (1, &json!("cap_reached")), "said once");
        assert_eq!(setting::get(&house.ctx).await.unwrap().used, Micros(100 * UNIT));
        let ends = setting::get(&house.ctx).await.unwrap().month_ends_at;
        house.later((ends.0 - house.ctx.now().0) / 1_000_000 + 1).await;
        assert_eq!(house.states().await.len(), 4, "the next month recharges until the floor is reached");
    }

    async fn what_a_dead_process_left_is_charged_once(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        assert!(house.spend(50).await);
        // The process dies between the charge and its record: the provider's answers get lost.
        house.stub.books.lock().down = true;
        house.work().await;
        assert_eq!(house.states().await, [State::Charging]);
        house.stub.books.lock().down = false;
        let id = recharge::list(&house.ctx, None, 1).await.unwrap()[0].id;
        let (a, b) = tokio::join!(
            recharge::look(&house.ctx, &house.stub, id), recharge::look(&house.ctx, &house.stub, id)
        );
        assert_eq!((a.unwrap().state, b.unwrap().state), (State::Paid, State::Paid));
        house.later(3600).await;
        assert_eq!((house.stub.count("succeeded"), house.stub.books.lock().intents.len()), (1, 1));
        assert_eq!(house.available().await, 100);
        assert_eq!(jobs::waiting(&house.ctx.db, house.ctx.workspace, QUEUE, 10).await.unwrap().len(), 0);
    }

    async fn after_three_failures_it_is_off(t: Fixture) {
        let house = House::with_card(t).await;
        let consent = house.on(terms(60, 50, 500)).await.consent.unwrap();
        house.stub.books.lock().bank = "insufficient_funds";
        assert!(house.spend(50).await);
        house.work().await;
        let now = setting::get(&house.ctx).await.unwrap();
        assert_eq!((now.enabled, now.failures, now.next_attempt_at), (true, 1, Some(house.ctx.now().plus_seconds(3600))));
        house.later(3599).await;
        assert_eq!(house.states().await.len(), 1, "not before the pause is over");
        house.later(2).await;
        house.later(6 * 3600 + 1).await;
        assert_eq!(house.states().await, [State::Failed; 3]);
        assert_eq!(house.told("balance.recharge_failed").await[0]["reason"], "insufficient_funds");
        let now = setting::get(&house.ctx).await.unwrap();
        assert_eq!((now.enabled, now.stopped.unwrap().0.as_str()), (false, "failures"));
        assert!(house.agreement(AUTO_RECHARGE, consent.event).await.is_none(), "the agreement has ended with it");
        assert_eq!(jobs::pending(&house.ctx.db, recharge::NOTICE_QUEUE).await.unwrap(), 1);
        house.later(7 * 86_400).await;
        assert_eq!(house.states().await.len(), 3);
        assert_eq!(house.stub.count("canceled"), 3, "nobody can pay what failed later");
    }

    async fn what_the_bank_wants_confirmed_waits_for_a_person(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        house.stub.books.lock().bank = "wants_a_person";
        assert!(house.spend(50).await);
        house.work().await;
        let waits = recharge::list(&house.ctx, None, 1).await.unwrap().remove(0);
        assert_eq!((waits.state, waits.page.as_deref()), (State::NeedsAction, Some("https://bank.example/pi_0")));
        assert_eq!(house.told("balance.recharge_needs_action").await.len(), 1);
        assert_eq!(jobs::pending(&house.ctx.db, recharge::NOTICE_QUEUE).await.unwrap(), 1, "mail is on its way");
        house.stub.confirm();
        house.later(600).await;
        assert_eq!((house.states().await, house.available().await), (vec![State::Paid], 100));
        // The next one nobody confirms.
        assert!(house.spend(50).await);
        house.work().await;
        house.later(24 * 3600 + 1).await;
        let over = recharge::list(&house.ctx, None, 1).await.unwrap().remove(0);
        assert_eq!((over.state, over.reason.as_deref()), (State::Cancelled, Some("not_confirmed")));
        assert_eq!((house.stub.count("canceled"), house.available().await), (1, 50));
    }

    async fn what_is_withdrawn_is_gone_here_and_at_the_provider(t: Fixture) {
        let house = House::with_card(t).await;
        let consent = house.on(terms(60, 50, 500)).await.consent.unwrap();
        let saved = method::get(&house.ctx).await.unwrap().method.unwrap();
        house.stub.books.lock().down = true;
        let left = method::withdraw(&house.ctx, &house.stub).await.unwrap();
        assert!(left.method.is_none());
        assert_eq!((left.leaving.len(), left.leaving[0].reason.as_deref()), (1, Some("unreachable")), "and that is said");
        assert!(house.agreement(AUTO_RECHARGE, consent.event).await.is_none());
        assert!(house.agreement(SAVED_METHOD, saved.consent.event).await.is_none());
        assert!(!setting::get(&house.ctx).await.unwrap().enabled);
        house.work().await;
        assert_eq!(method::get(&house.ctx).await.unwrap().leaving.len(), 1);
        house.stub.books.lock().down = false;
        house.later(6 * 3600).await;
        assert_eq!(method::get(&house.ctx).await.unwrap(), Saved::default());
        assert!(house.stub.books.lock().methods.is_empty() && house.stub.books.lock().customers.is_empty());
        house.spend(60).await;
        house.work().await;
        assert!(house.states().await.is_empty(), "nothing is taken any more");
    }

    async fn a_page_that_was_only_opened_costs_nobody_their_method(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        let saved = method::get(&house.ctx).await.unwrap().method.unwrap();
        let (page, _) = method::begin(&house.ctx, &house.stub, &words()).await.unwrap();
        method::tend(&house.ctx).await.unwrap();
        assert!(house.spend(50).await);
        house.work().await;
        assert_eq!(house.states().await, [State::Paid], "while the page is open");
        house.later(25 * 3600).await;
        assert!(house.spend(50).await);
        house.work().await;
        assert_eq!(house.states().await, [State::Paid; 2], "and when nobody entered anything");
        let now = method::get(&house.ctx).await.unwrap();
        assert_eq!((now.method, now.pending), (Some(saved.clone()), None));
        assert!(method::look(&house.ctx, &house.stub, page).await.is_err(), "the page is gone");
        // A method that takes the place of another ends the agreement to that one.
        let next = house.save("ideal").await.method.unwrap();
        house.work().await;
        assert!(house.agreement(SAVED_METHOD, saved.consent.event).await.is_none());
        assert!(house.agreement(SAVED_METHOD, next.consent.event).await.is_some());
        assert_eq!(house.stub.books.lock().methods.len(), 1);
    }

    async fn a_backup_from_before_a_withdrawal_revives_nothing(t: Fixture) {
        let house = House::with_card(t).await;
        let consent = house.on(terms(60, 50, 500)).await.consent.unwrap();
        house.later(60).await;
        // The withdrawals reach the safety log and not the data, which are as a backup's from before.
        let mut fails = house.ctx.batch();
        fails.guard(ARM, params![kernel::WorkspaceId([9; 16]), 1_i64]);
        let both = [AUTO_RECHARGE, SAVED_METHOD].map(|code| (ContactId([7; 16]), Purpose::new(code).unwrap()));
        agreements::withdraw(&house.ctx, fails, &both, &json!({})).await.unwrap_err();
        assert!(setting::get(&house.ctx).await.unwrap().enabled && house.agreement(AUTO_RECHARGE, consent.event).await.is_some());
        privacy::erasure::replay(&house.ctx, &privacy::gate::Gate::new()).await.unwrap();
        assert!(house.agreement(AUTO_RECHARGE, consent.event).await.is_none());
        assert!(!setting::get(&house.ctx).await.unwrap().enabled, "shown as it is at once");
        let shown = method::get(&house.ctx).await.unwrap();
        assert!(shown.method.is_none() && shown.leaving.len() == 1);
        method::tend(&house.ctx).await.unwrap();
        house.work().await;
        let now = setting::get(&house.ctx).await.unwrap();
        assert_eq!((now.enabled, now.stopped.unwrap().0.as_str()), (false, "no_consent"));
        assert!(method::get(&house.ctx).await.unwrap().method.is_none() && house.stub.books.lock().methods.is_empty());
        assert!(house.spend(50).await);
        house.later(3600).await;
        assert_eq!((house.states().await.len(), house.stub.books.lock().intents.len()), (0, 0));
    }

    async fn money_that_went_back_leaves_the_balance(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        house.spend(50).await;
        house.work().await;
        let paid = recharge::list(&house.ctx, None, 1).await.unwrap().remove(0);
        let body = json!({ "type": "charge.refunded", "data": { "object": { "refunded": true,
            "metadata": { "barid_workspace": house.ctx.workspace, "barid_payment": paid.id } } } }).to_string();
        let signed = crate::payment::signature(&house.ctx, &body, "whsec_1", 0);
        for _ in 0..2 {
            recharge::heard(&house.t.core, &house.stub, &signed, body.as_bytes()).await.unwrap();
        }
        assert_eq!((house.states().await, house.available().await), (vec![State::Refunded], 50));
        let forged = crate::payment::signature(&house.ctx, &body, "whsec_2", 0);
        assert!(recharge::heard(&house.t.core, &house.stub, &forged, body.as_bytes()).await.is_err());
    }
}
