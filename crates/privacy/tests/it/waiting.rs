//! What makes a message wait, and what closes a way altogether: hours, caps, destinations, the purposes
//! of a telephone number.

use std::collections::BTreeMap;

use kernel::{DeliveryId, Timestamp};
use privacy::approvals::{self, Answer, Filing};
use privacy::facts::SubjectFacts;
use privacy::gate::{self, Ask, Denial, FrequencyCap, Gate, Grant, Queued, QuietHours, Recheck, Settings};
use privacy::rules::Country;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state, verdict};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn texted(ctx: &Ctx, email: &str, facts: SubjectFacts) -> (Person, Ask) {
    let person = Person::known(ctx, email, facts).await;
    let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"source": "form"}));
    (statement.basis, statement.channel) = (BasisKind::ExpressWrittenConsent, Channel::Sms);
    state(ctx, statement).await;
    let mut ask = person.ask();
    ask.channel = Channel::Sms;
    (person, ask)
}

fn living_in(country: &str) -> SubjectFacts {
    SubjectFacts { country: Some(country.into()), ..SubjectFacts::default() }
}

/// Whether a message is queued, and until when it waits.
async fn queued(ctx: &Ctx, gate: &Gate, ask: Ask) -> Option<Timestamp> {
    let asked = gate.prepare(ctx, vec![ask]).await.unwrap();
    let (inside, now) = (gate.clone(), ctx.now());
    let answer =
        ctx.db.tx(move |tx| Ok(inside.authorise_many(tx, &asked, now)?.remove(0).map(Queued::into_grant))).await;
    let grant: Result<Grant, Denial> = answer.unwrap();
    grant.unwrap().until
}

async fn leaves(ctx: &Ctx, gate: &Gate, ask: Ask) -> Result<Grant, Denial> {
    let check = Recheck { delivery: ctx.id::<DeliveryId>(), ask };
    gate.recheck_many(ctx, vec![check]).await.unwrap().remove(0).map(|permit| permit.grant().clone())
}

testkit::each_engine! {
    async fn a_message_out_of_hours_waits_and_is_asked_about_again(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        // Saturday evening in Paris: until Monday morning.
        t.clock.set(at("2026-11-21T19:00:00Z"));
        let (person, ask) = texted(&ctx, "lina@example.com", living_in("FR")).await;
        assert_eq!(queued(&ctx, &gate, ask.clone()).await, Some(at("2026-11-23T08:00:00Z")));
        let denial = leaves(&ctx, &gate, ask.clone()).await.unwrap_err();
        assert_eq!((denial.reason.as_str(), denial.until), ("quiet_hours", Some(at("2026-11-23T08:00:00Z"))));
        t.clock.set(at("2026-11-23T08:00:00Z").plus_micros(-1));
        assert!(leaves(&ctx, &gate, ask.clone()).await.is_err());
        t.clock.set(at("2026-11-23T08:00:00Z"));
        assert_eq!(leaves(&ctx, &gate, ask.clone()).await.unwrap().reason, "express_written_consent");
        // Who said no while the message waited gets none.
        t.clock.set(at("2026-11-23T19:00:00Z"));
        let until = queued(&ctx, &gate, ask.clone()).await.unwrap();
        let stop = gate::Withdrawal {
            subject: person.id,
            addresses: vec![person.address],
            scope: privacy::vocabulary::Scope::Channel(Channel::Sms),
            reason: privacy::suppression::Reason::Unsubscribe,
            evidence: json!({"text": "STOP"}),
        };
        gate.withdraw(&ctx, stop).await.unwrap();
        t.clock.set(until);
        let denial = leaves(&ctx, &gate, ask).await.unwrap_err();
        assert_eq!((denial.reason.as_str(), denial.until), ("opt_out", None));
    }

    async fn hours_hold_in_every_zone_the_person_may_be_in(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let zones = vec!["America/New_York".to_owned(), "America/Los_Angeles".to_owned()];
        let facts = SubjectFacts { time_zones: zones, us_state: Some("FL".into()), ..living_in("US") };
        let (_, ask) = texted(&ctx, "lina@example.com", facts).await;
        let filing = Filing { goal: "Offers".into(), samples: vec!["10 % off".into()], documents: Vec::new() };
        let draft = approvals::Draft { country: Country::read("US").unwrap(), channel: Channel::Sms, filing };
        let made = approvals::create(&ctx, &draft).await.unwrap();
        let made = approvals::submit(&ctx, made.id, made.version, &Answer::default()).await.unwrap();
        approvals::approve(&ctx, made.id, made.version, &Answer::default()).await.unwrap();
        // Tuesday 15:00 UTC: 10:00 in New York, 07:00 in Los Angeles. Open in both at 17:00 UTC.
        t.clock.set(at("2026-11-24T15:00:00Z"));
        assert_eq!(queued(&ctx, &gate, ask.clone()).await, Some(at("2026-11-24T17:00:00Z")));
        t.clock.set(at("2026-11-24T17:00:00Z"));
        assert_eq!(queued(&ctx, &gate, ask.clone()).await, None);
        // The workspace's own window, as narrow as it likes.
        let quiet = Some(QuietHours { start: "10:00".into(), end: "12:00".into(), sunday: None });
        gate::configure(&ctx, &Settings { quiet, ..Settings::default() }).await.unwrap();
        assert_eq!(verdict(&ctx, &gate, ask.clone()).await, "no_common_window");
    }

    async fn friday_is_the_day_of_rest_where_it_is(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (_, riyadh) = texted(&ctx, "huda@example.com", living_in("SA")).await;
        let (_, paris) = texted(&ctx, "lina@example.com", living_in("FR")).await;
        t.clock.set(at("2026-11-27T12:00:00Z"));
        assert_eq!(queued(&ctx, &gate, riyadh.clone()).await, Some(at("2026-11-28T06:00:00Z")));
        assert_eq!(queued(&ctx, &gate, paris.clone()).await, None);
        t.clock.set(at("2026-11-29T12:00:00Z"));
        assert_eq!(queued(&ctx, &gate, riyadh.clone()).await, None);
        assert_eq!(queued(&ctx, &gate, paris.clone()).await, Some(at("2026-11-30T08:00:00Z")));
        let quiet = |sunday| Some(QuietHours { start: "09:00".into(), end: "20:00".into(), sunday });
        gate::configure(&ctx, &Settings { quiet: quiet(Some(true)), ..Settings::default() }).await.unwrap();
        assert_eq!(queued(&ctx, &gate, paris).await, None);
        gate::configure(&ctx, &Settings { quiet: quiet(None), ..Settings::default() }).await.unwrap();
        assert_eq!(queued(&ctx, &gate, riyadh).await, None);
    }

    async fn a_full_cap_defers_and_the_gate_is_asked_again(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        let cap = Settings { frequency: Some(FrequencyCap { cap: 2, days: 7 }), ..Settings::default() };
        gate::configure(&ctx, &cap).await.unwrap();
        for _ in 0..2 {
            let grant = leaves(&ctx, &gate, person.ask()).await.unwrap();
            // The permit's own grant counts; one asked for without leaving does not.
            let counted = gate.preview(&ctx, vec![person.ask()]).await.unwrap().remove(0).unwrap();
            assert_eq!(grant, counted);
            let mut batch = ctx.batch();
            gate::record_sent(&mut batch, &ctx, person.id, &grant, ctx.now());
            ctx.db.apply(batch).await.unwrap();
            t.clock.advance(86_400);
        }
        let until = queued(&ctx, &gate, person.ask()).await.unwrap();
        assert_eq!(until, at("2026-11-28T00:00:00Z"));
        // Service does not count and does not wait.
        let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"evidence": true}));
        (statement.basis, statement.purpose) = (BasisKind::Contract, Purpose::SERVICE);
        state(&ctx, statement).await;
        let mut service = person.ask();
        (service.purpose, service.content.promotional) = (Purpose::SERVICE, false);
        assert_eq!(verdict(&ctx, &gate, service).await, "permit");
        t.clock.set(until);
        assert_eq!(leaves(&ctx, &gate, person.ask()).await.unwrap().reason, "consent");
    }

    async fn a_channel_reaches_the_countries_it_is_set_to(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        t.clock.set(at("2026-11-24T12:00:00Z"));
        let (_, paris) = texted(&ctx, "lina@example.com", living_in("FR")).await;
        let (_, nowhere) = texted(&ctx, "omar@example.com", SubjectFacts::default()).await;
        assert_eq!(verdict(&ctx, &gate, paris.clone()).await, "permit");
        let only = |countries: &[&str]| Settings {
            destinations: BTreeMap::from([(Channel::Sms, countries.iter().filter_map(|c| Country::read(c)).collect())]),
            ..Settings::default()
        };
        gate::configure(&ctx, &only(&["US"])).await.unwrap();
        assert_eq!(verdict(&ctx, &gate, paris.clone()).await, "channel_unavailable");
        // An unknown country is not among those that are reached; without a basis it is denied for that first.
        assert_ne!(verdict(&ctx, &gate, nowhere).await, "permit");
        gate::configure(&ctx, &only(&["US", "FR"])).await.unwrap();
        assert_eq!(verdict(&ctx, &gate, paris.clone()).await, "permit");
        assert_eq!(gate::settings(&ctx).await.unwrap(), only(&["US", "FR"]));
        let by_mail = Ask { channel: Channel::Email, ..paris };
        assert_eq!(verdict(&ctx, &gate, by_mail).await, "basis_other_channel");
    }

    async fn a_number_given_for_sign_in_is_none_for_marketing(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        t.clock.set(at("2026-11-24T12:00:00Z"));
        let given_for = |purposes: &[&str]| SubjectFacts {
            phone_purposes: purposes.iter().map(|purpose| (*purpose).to_owned()).collect(),
            ..living_in("FR")
        };
        let (_, second_factor) = texted(&ctx, "lina@example.com", given_for(&["2fa"])).await;
        assert_eq!(verdict(&ctx, &gate, second_factor).await, "phone_purpose_missing");
        let (_, both) = texted(&ctx, "omar@example.com", given_for(&["2fa", "marketing"])).await;
        assert_eq!(verdict(&ctx, &gate, both).await, "permit");
    }
}
