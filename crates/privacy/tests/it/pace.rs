//! What one message and one imported row cost; run by hand: `cargo test -p barid-privacy pace -- --ignored --nocapture`.

use kernel::{ContactId, DeliveryId};
use privacy::gate::{Gate, Recheck};
use privacy::{claims, facts};
use testkit::Fixture;

use crate::people::{Person, state};

/// Microseconds per item that the process spent on the processor (Linux; 0 elsewhere).
fn spent() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        text.rsplit(')').next().unwrap_or_default().split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    fields.get(11).zip(fields.get(12)).map_or(0.0, |(user, system)| (user + system) * 10_000.0)
}

#[test]
#[ignore = "a measurement"]
fn pace() {
    testkit::run(async {
        let t = Fixture::sqlite().await;
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let mut people = Vec::new();
        for number in 0..2000 {
            let person = Person::german(&ctx, &format!("p{number}@example.com")).await;
            people.push(person);
        }
        for person in &people {
            state(&ctx, person.consent(ctx.now())).await;
        }
        let before = spent();
        for _ in 0..5 {
            for part in people.chunks(100) {
                let checks = part.iter().map(|p| Recheck { delivery: ctx.id::<DeliveryId>(), ask: p.ask() }).collect();
                for permit in gate.recheck_many(&ctx, checks).await.unwrap() {
                    drop(permit.unwrap().begin(ctx.now()).unwrap());
                }
            }
        }
        println!("recheck and begin: {:.1} µs", (spent() - before) / 10_000.0);

        let before = spent();
        for _ in 0..5 {
            for part in people.chunks(200) {
                let asked = gate.prepare(&ctx, part.iter().map(Person::ask).collect()).await.unwrap();
                let (gate, now) = (gate.clone(), ctx.now());
                ctx.db.tx(move |tx| gate.authorise_many(tx, &asked, now).map(|answers| answers.len())).await.unwrap();
            }
        }
        println!("authorise: {:.1} µs", (spent() - before) / 10_000.0);

        let ids: Vec<ContactId> = (0..20_000).map(|_| ctx.id()).collect();
        let (keys, subject_keys) =
            (ctx.keys().await.unwrap(), ctx.vault.create_subjects(ctx.workspace, &ids).await.unwrap());
        let model = people[0].consent(ctx.now());
        let before = spent();
        let mut batches = Vec::new();
        for part in ids.iter().zip(&subject_keys).collect::<Vec<_>>().chunks(2000) {
            let mut batch = ctx.batch();
            for (id, subject_keys) in part {
                let statement = claims::Statement { subject: **id, ..model.clone() };
                claims::state(&mut batch, &ctx, &keys, subject_keys, statement).unwrap();
            }
            batches.push(batch);
        }
        println!("state: {:.1} µs", (spent() - before) / 20_000.0);
        let before = spent();
        for batch in batches {
            ctx.db.apply(batch).await.unwrap();
        }
        println!("apply of it: {:.1} µs", (spent() - before) / 20_000.0);
        let before = spent();
        let mut batch = ctx.batch();
        for (id, subject_keys) in ids.iter().zip(&subject_keys) {
            facts::write(&mut batch, &ctx, subject_keys, *id, &facts::SubjectFacts::default()).unwrap();
        }
        println!("facts: {:.1} µs", (spent() - before) / 20_000.0);
        let before = spent();
        let report = privacy::ledger::verify_stored(&ctx, false).await.unwrap();
        println!("verify: {:.1} µs per event", (spent() - before) / report.chain.events as f64);
    });
}
