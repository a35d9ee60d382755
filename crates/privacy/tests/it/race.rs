//! The promise: once a withdrawal is acknowledged, no hand-over to that person begins.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kernel::DeliveryId;
use privacy::gate::{Gate, PermitLost, Recheck, Withdrawal};
use privacy::suppression::Reason;
use privacy::vocabulary::{Purpose, Scope};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state};

const QUEUED: usize = 10_000;

fn leave(person: &Person) -> Withdrawal {
    Withdrawal {
        subject: person.id,
        addresses: vec![person.address],
        scope: Scope::Purpose(Purpose::MARKETING),
        reason: Reason::UnsubscribeAll,
        evidence: json!({"by": "one click"}),
    }
}

fn checks(ctx: &Ctx, person: &Person, count: usize) -> Vec<Recheck> {
    (0..count).map(|_| Recheck { delivery: ctx.id::<DeliveryId>(), ask: person.ask() }).collect()
}

testkit::each_engine! {
    async fn none_of_ten_thousand_begins_after_the_withdrawal(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        let other = Person::german(&ctx, "omar@example.com").await;
        for one in [&person, &other] {
            state(&ctx, one.consent(ctx.now())).await;
        }
        let (acknowledged, begun, late) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let half = Arc::new(tokio::sync::Notify::new());
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (ctx, gate, person, half) = (ctx.clone(), gate.clone(), person.clone(), half.clone());
                let (acknowledged, begun, late) = (acknowledged.clone(), begun.clone(), late.clone());
                tokio::spawn(async move {
                    for _ in 0..QUEUED / 4 / 500 {
                        let permits = gate.recheck_many(&ctx, checks(&ctx, &person, 500)).await.unwrap();
                        for permit in permits.into_iter().flatten() {
                            let told = acknowledged.load(Ordering::SeqCst);
                            if let Ok(handover) = permit.begin(ctx.now()) {
                                late.fetch_add(usize::from(told), Ordering::SeqCst);
                                begun.fetch_add(1, Ordering::SeqCst);
                                tokio::task::yield_now().await;
                                drop(handover);
                            }
                        }
                        if begun.load(Ordering::SeqCst) > 300 {
                            half.notify_one();
                        }
                    }
                })
            })
            .collect();
        half.notified().await;
        let withdrawn = gate.withdraw(&ctx, leave(&person)).await.unwrap();
        acknowledged.store(true, Ordering::SeqCst);
        assert_eq!(withdrawn.in_flight, 0);
        for worker in workers {
            worker.await.unwrap();
        }
        let begun = begun.load(Ordering::SeqCst);
        assert!(begun > 0 && begun < QUEUED, "{begun} began before");
        assert_eq!(late.load(Ordering::SeqCst), 0, "a hand-over began after the acknowledgement");
        assert_eq!(gate.outstanding(), 0);
        let permits = gate.recheck_many(&ctx, checks(&ctx, &other, 1)).await.unwrap();
        assert!(permits[0].is_ok(), "other people's mail goes on");
    }

    async fn permits_in_hand_are_taken_back_and_begun_ones_waited_for(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        let mut permits = gate.recheck_many(&ctx, checks(&ctx, &person, 3)).await.unwrap();
        let handover = permits.remove(0).unwrap().begin(ctx.now()).unwrap();
        let withdrawal = tokio::spawn({
            let (ctx, gate, person) = (ctx.clone(), gate.clone(), person.clone());
            async move { gate.withdraw(&ctx, leave(&person)).await.unwrap() }
        });
        // The block is committed, yet not acknowledged while the hand-over lasts.
        while person.asked(&ctx, &gate).await == "permit" {
            tokio::task::yield_now().await;
        }
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        assert!(!withdrawal.is_finished());
        drop(handover);
        assert_eq!(withdrawal.await.unwrap().in_flight, 0);
        for permit in permits {
            assert_eq!(permit.unwrap().begin(ctx.now()).unwrap_err(), PermitLost::Cancelled);
        }
    }

    async fn a_company_block_takes_back_the_permits_of_its_domain(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        let permit = gate.recheck_many(&ctx, checks(&ctx, &omar, 1)).await.unwrap().remove(0).unwrap();
        let block = Withdrawal { scope: Scope::Domain, reason: Reason::DomainBlock, addresses: vec![lina.domain], ..leave(&lina) };
        gate.withdraw(&ctx, block).await.unwrap();
        assert_eq!(permit.begin(ctx.now()).unwrap_err(), PermitLost::Cancelled);
    }
}
