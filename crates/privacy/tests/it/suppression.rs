use kernel::TopicId;
use privacy::gate::{Gate, Withdrawal};
use privacy::suppression::{self, Lift, Reason};
use privacy::vocabulary::{Channel, Purpose, Scope};
use serde_json::json;
use testkit::Fixture;

use crate::people::{Person, state, verdict};

fn block(person: &Person, scope: Scope, reason: Reason) -> Withdrawal {
    let addresses = vec![if scope == Scope::Domain { person.domain } else { person.address }];
    Withdrawal { subject: person.id, addresses, scope, reason, evidence: json!({"test": true}) }
}

testkit::each_engine! {
    async fn scopes_reach_as_far_as_they_say(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let topic: TopicId = ctx.id();
        let cases = [
            (Scope::Topic(topic.to_string()), Reason::Unsubscribe, "permit", "opt_out"),
            (Scope::Channel(Channel::Sms), Reason::Unsubscribe, "permit", "permit"),
            (Scope::Purpose(Purpose::PROFILING), Reason::Unsubscribe, "permit", "permit"),
            (Scope::Purpose(Purpose::PROFILING), Reason::Objection, "permit", "permit"),
            (Scope::Channel(Channel::Sms), Reason::Complaint, "complaint", "complaint"),
            (Scope::Channel(Channel::Email), Reason::Unsubscribe, "opt_out", "opt_out"),
            (Scope::Purpose(Purpose::MARKETING), Reason::Objection, "unsubscribe_all", "unsubscribe_all"),
            (Scope::Address, Reason::HardBounce, "hard_bounce", "hard_bounce"),
            (Scope::Domain, Reason::DomainBlock, "domain_block", "domain_block"),
            (Scope::Person, Reason::LegalBlock, "legal_block", "legal_block"),
        ];
        for (index, (scope, reason, other_topic, same_topic)) in cases.into_iter().enumerate() {
            let person = Person::german(&ctx, &format!("p{index}@example{index}.com")).await;
            state(&ctx, person.consent(ctx.now())).await;
            let withdrawn = gate.withdraw(&ctx, block(&person, scope.clone(), reason)).await.unwrap();
            assert!(withdrawn.event.is_some() && !withdrawn.erasing);
            let mut ask = person.ask();
            ask.topic = Some(ctx.id());
            assert_eq!(verdict(&ctx, &gate, ask.clone()).await, other_topic, "{scope}");
            ask.topic = Some(topic);
            assert_eq!(verdict(&ctx, &gate, ask).await, same_topic, "{scope}");
        }
        let counts = suppression::counts(&ctx).await.unwrap();
        assert!(counts.iter().any(|count| count.reason == Reason::Complaint && count.count == 2));
    }

    async fn an_imported_list_blocks_people_who_come_later(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let keys = ctx.keys().await.unwrap();
        let listed = keys.suppression("email:lina@example.com");
        gate.suppress_many(&ctx, &[listed], &Scope::Address, Reason::UnsubscribeAll).await.unwrap();
        let lina = Person::german(&ctx, "Lina@Example.com").await;
        state(&ctx, lina.consent(ctx.now())).await;
        assert_eq!(lina.asked(&ctx, &gate).await, "unsubscribe_all");
        assert!(ctx.vault.open_safety(ctx.workspace).await.unwrap().is_empty());
    }

    async fn an_address_bounce_leaves_other_people_alone_and_is_lifted_by_verification(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        gate.withdraw(&ctx, block(&lina, Scope::Address, Reason::HardBounce)).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "hard_bounce");
        assert_eq!(omar.asked(&ctx, &gate).await, "permit");
        suppression::lift_bounce(&ctx, lina.id, lina.address).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
    }

    async fn only_the_persons_own_double_opt_in_lifts_a_refusal(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, lina.consent(ctx.now())).await;
        t.clock.advance(60);
        gate.withdraw(&ctx, block(&lina, Scope::Purpose(Purpose::MARKETING), Reason::UnsubscribeAll)).await.unwrap();
        // An import that says she consented today changes nothing.
        t.clock.advance(60);
        state(&ctx, lina.consent(ctx.now())).await;
        assert_eq!(lina.asked(&ctx, &gate).await, "unsubscribe_all");
        t.clock.advance(60);
        let keys = ctx.keys().await.unwrap();
        let subject_keys = ctx.vault.subject(ctx.workspace, lina.id).await.unwrap();
        let mut batch = ctx.batch();
        privacy::claims::state(&mut batch, &ctx, &keys, &subject_keys, lina.consent(ctx.now())).unwrap();
        let asked = Lift {
            subject: lina.id,
            addresses: vec![lina.address],
            purpose: Purpose::MARKETING,
            channel: Channel::Email,
            topic: None,
            confirmed_at: ctx.now(),
        };
        let lifted = suppression::lift(&mut batch, &ctx, &keys, &subject_keys, &asked).unwrap();
        ctx.db.apply(batch).await.unwrap();
        lifted.remember(&ctx).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
    }

    async fn hashes_of_workspaces_do_not_meet(t: Fixture) {
        let (one, other, gate) = (t.workspace().await, t.workspace().await, Gate::new());
        let (here, there) = (Person::german(&one, "lina@example.com").await, Person::german(&other, "lina@example.com").await);
        assert_ne!(here.address, there.address);
        state(&other, there.consent(other.now())).await;
        gate.withdraw(&one, block(&here, Scope::Person, Reason::LegalBlock)).await.unwrap();
        assert_eq!(there.asked(&other, &gate).await, "permit");
        assert!(suppression::check(&other, &[here.address]).await.unwrap()[0].is_empty());
        let found = suppression::check(&one, &[here.address]).await.unwrap().remove(0);
        assert_eq!(found[0].reason, Reason::LegalBlock);
    }
}
