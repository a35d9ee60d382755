use kernel::{Rng, TopicId};
use privacy::claims::{self, Statement};
use privacy::gate::{Gate, Withdrawal};
use privacy::suppression::Reason;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, Scope};
use serde_json::json;
use testkit::Fixture;

use crate::people::{Person, state};

testkit::each_engine! {
    async fn the_projection_is_what_the_ledger_tells(t: Fixture) {
        let (ctx, gate, rng) = (t.workspace().await, Gate::new(), testkit::SeededRng::new(11));
        let person = Person::german(&ctx, "lina@example.com").await;
        let topics: [TopicId; 2] = [ctx.id(), ctx.id()];
        let mut dice = [0u8; 6];
        for _ in 0..60 {
            t.clock.advance(60);
            rng.fill(&mut dice);
            let topic = topics.get(usize::from(dice[0] % 3)).copied();
            if dice[1] % 4 == 0 {
                let scope = match dice[2] % 4 {
                    0 => Scope::Purpose(Purpose::MARKETING),
                    1 => Scope::Channel(Channel::Sms),
                    2 => Scope::Person,
                    _ => Scope::Topic(topics[0].to_string()),
                };
                let reason = if dice[3] % 2 == 0 { Reason::Objection } else { Reason::Unsubscribe };
                let withdrawal =
                    Withdrawal { subject: person.id, addresses: Vec::new(), scope, reason, evidence: json!({}) };
                gate.withdraw(&ctx, withdrawal).await.unwrap();
            } else {
                let states = [ConsentState::Requested, ConsentState::Given, ConsentState::Renewed, ConsentState::Expired];
                let statement = Statement {
                    subject: person.id,
                    purpose: if dice[2] % 2 == 0 { Purpose::MARKETING } else { Purpose::PROFILING },
                    channel: if dice[3] % 2 == 0 { Channel::Email } else { Channel::Sms },
                    topic,
                    basis: [BasisKind::Consent, BasisKind::Contract][usize::from(dice[4] % 2)],
                    state: states[usize::from(dice[5] % 4)],
                    // Some statements arrive late: they speak of an hour ago.
                    at: ctx.now().plus_seconds(if dice[4] > 200 { -3600 } else { 0 }),
                    expires_at: None,
                    detail: json!({"source": "test", "reason": "because", "doi": {"confirmed_at": ctx.now()}}),
                };
                state(&ctx, statement).await;
            }
        }
        let listed = claims::list(&ctx, person.id).await.unwrap();
        let told = claims::from_ledger(&ctx, person.id).await.unwrap();
        assert!(listed.len() > 5);
        let sorted = |mut claims: Vec<claims::Claim>| {
            claims.sort_by_key(|claim| (claim.purpose.clone(), claim.channel, claim.topic, claim.basis));
            claims
        };
        assert_eq!(sorted(listed.clone()), sorted(told));
        claims::rebuild(&ctx, person.id).await.unwrap();
        assert_eq!(claims::list(&ctx, person.id).await.unwrap(), listed);
    }

    async fn an_old_consent_does_not_undo_a_later_withdrawal(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "lina@example.com").await;
        let long_ago = ctx.now().plus_seconds(-86_400 * 300);
        state(&ctx, person.consent(long_ago)).await;
        state(&ctx, person.statement(ConsentState::Withdrawn, ctx.now().plus_seconds(-60), json!({}))).await;
        state(&ctx, person.consent(ctx.now().plus_seconds(-86_400))).await;
        assert_eq!(claims::list(&ctx, person.id).await.unwrap()[0].state, ConsentState::Withdrawn);
    }

    async fn time_runs_out_in_the_ledger_too(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "lina@example.com").await;
        let end = ctx.now().plus_seconds(3600);
        state(&ctx, Statement { expires_at: Some(end), ..person.consent(ctx.now()) }).await;
        assert_eq!(claims::expire_due(&ctx, ctx.now(), 100).await.unwrap(), 0);
        t.clock.set(end);
        assert_eq!(claims::expire_due(&ctx, ctx.now(), 100).await.unwrap(), 1);
        assert_eq!(claims::expire_due(&ctx, ctx.now(), 100).await.unwrap(), 0);
        let claim = claims::list(&ctx, person.id).await.unwrap().remove(0);
        assert_eq!((claim.state, claim.at), (ConsentState::Expired, end));
    }

    async fn a_merge_carries_claims_and_blocks(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let kept = Person::german(&ctx, "lina@example.com").await;
        let duplicate = Person::german(&ctx, "lina.haddad@example.com").await;
        state(&ctx, kept.consent(ctx.now())).await;
        t.clock.advance(60);
        let objection = Withdrawal {
            subject: duplicate.id,
            addresses: vec![duplicate.address],
            scope: Scope::Purpose(Purpose::MARKETING),
            reason: Reason::Objection,
            evidence: json!({}),
        };
        gate.withdraw(&ctx, objection).await.unwrap();
        assert_eq!(kept.asked(&ctx, &gate).await, "permit");
        let keys = ctx.keys().await.unwrap();
        let kept_keys = ctx.vault.subject(ctx.workspace, kept.id).await.unwrap();
        let mut batch = ctx.batch();
        claims::merge(&mut batch, &ctx, (&keys, &kept_keys), kept.id, duplicate.id).await.unwrap();
        ctx.db.apply(batch).await.unwrap();
        assert_eq!(kept.asked(&ctx, &gate).await, "unsubscribe_all");
    }

    async fn terms_that_no_rule_can_read_are_refused(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "lina@example.com").await;
        let keys = ctx.keys().await.unwrap();
        let subject_keys = ctx.vault.subject(ctx.workspace, person.id).await.unwrap();
        let statement = person.statement(ConsentState::Given, ctx.now(), json!({"sale_at": "last spring"}));
        assert!(claims::state(&mut ctx.batch(), &ctx, &keys, &subject_keys, statement).is_err());
        let day = person.statement(ConsentState::Given, ctx.now(), json!({"sale_at": "2026-03-01"}));
        assert!(claims::state(&mut ctx.batch(), &ctx, &keys, &subject_keys, day).is_ok());
    }
}
