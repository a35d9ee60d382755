use kernel::{EventId, Timestamp};
use privacy::erasure::{self, Certificate};
use privacy::gate::{Ask, Gate, Recheck, Withdrawal};
use privacy::suppression::{self, Reason};
use privacy::vocabulary::{BasisKind, ConsentState, Purpose, Scope};
use privacy::{claims, facts, ledger};
use serde_json::json;
use store::{Ctx, SafetyEntry, SafetyKind, params};
use testkit::Fixture;

use crate::people::{Person, state, verdict};

store::sql! {
    COUNT_PEOPLE = "SELECT CAST(count(*) AS BIGINT) FROM test_person WHERE workspace = $1";
    FORGET_ERASURE = "DELETE FROM erasure WHERE workspace = $1";
    FORGET_BLOCKS = "DELETE FROM suppression WHERE workspace = $1";
    COPY_CLAIM = "SELECT sealed, updated_at FROM gate_subject WHERE workspace = $1 AND subject = $2";
    PUT_BACK = "INSERT INTO gate_subject (workspace, subject, sealed, updated_at) VALUES ($1, $2, $3, $4)";
    PERSON_ROW = "SELECT sealed FROM test_person WHERE workspace = $1 AND subject = $2";
    PUT_PERSON = "INSERT INTO test_person (workspace, subject, sealed) VALUES ($1, $2, $3)";
}

async fn people(ctx: &Ctx) -> i64 {
    ctx.db.one::<(i64,)>(COUNT_PEOPLE, params![ctx.workspace]).await.unwrap().0
}

fn leave(person: &Person) -> Withdrawal {
    Withdrawal {
        subject: person.id,
        addresses: vec![person.address],
        scope: Scope::Purpose(Purpose::MARKETING),
        reason: Reason::UnsubscribeAll,
        evidence: json!({}),
    }
}

testkit::each_engine! {
    async fn an_erased_person_is_gone_and_stays_blocked(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        let check = Recheck { delivery: ctx.id(), ask: lina.ask() };
        let permit = gate.recheck_many(&ctx, vec![check]).await.unwrap().remove(0).unwrap();
        let certificate = erasure::erase(&ctx, &gate, lina.id).await.unwrap();
        assert!(permit.begin(ctx.now()).is_err());
        assert!(certificate.is_authentic());
        assert!(!Certificate { suppressed: 9, ..certificate.clone() }.is_authentic());
        assert_eq!(certificate.suppressed, 2);
        assert!(certificate.tables.iter().any(|table| table.table == "test_person" && table.erased));
        assert!(certificate.tables.iter().any(|table| table.table == "ledger_event" && table.kept.is_some()));
        assert_eq!(erasure::erase(&ctx, &gate, lina.id).await.unwrap(), certificate);

        assert_eq!(people(&ctx).await, 1);
        assert!(ctx.vault.subject(ctx.workspace, lina.id).await.unwrap().data().is_err());
        assert!(facts::read(&ctx, lina.id).await.unwrap().is_none());
        assert_eq!(lina.asked(&ctx, &gate).await, "erased");
        assert_eq!(omar.asked(&ctx, &gate).await, "permit");
        assert!(ctx.vault.open_safety(ctx.workspace).await.unwrap().is_empty());
        let feed = store::feed::read_after(&ctx.db, ctx.workspace, 0, 100).await.unwrap();
        assert!(feed.iter().any(|entry| entry.kind == "contact.erased" && entry.entity == lina.id.0));
        // The evidence is still there, for legal claims, and the chain holds.
        let report = ledger::verify_stored(&ctx, true).await.unwrap();
        assert_eq!((report.chain.events, report.opened), (3, 3));

        // She comes back under a new id: still blocked, by her address.
        let again = Person::german(&ctx, "Lina@Example.com").await;
        state(&ctx, again.consent(ctx.now())).await;
        assert_eq!(again.asked(&ctx, &gate).await, "erased");

        // What she asks for herself afterwards may be answered: the mail that confirms her return.
        let mut ask = Ask { purpose: Purpose::SERVICE, ..again.ask() };
        ask.content.promotional = false;
        assert_eq!(verdict(&ctx, &gate, ask.clone()).await, "erased");
        t.clock.advance(60);
        let mut asked = again.statement(ConsentState::Given, ctx.now(), json!({"form": "footer"}));
        (asked.purpose, asked.basis) = (Purpose::SERVICE, BasisKind::SubjectRequest);
        state(&ctx, asked).await;
        assert_eq!(verdict(&ctx, &gate, ask).await, "permit");
        assert_eq!(again.asked(&ctx, &gate).await, "erased");
        assert!(matches!(erasure::erase(&ctx, &gate, ctx.id()).await, Err(privacy::Error::NotFound(_))));
    }

    async fn an_interrupted_erasure_is_finished_at_the_next_start(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = Person::german(&ctx, "lina@example.com").await;
        let keys = ctx.keys().await.unwrap();
        let intent = |hash| SafetyEntry {
            id: ctx.id::<EventId>(),
            kind: SafetyKind::Erasure,
            subject: Some(lina.id),
            hash: Some(hash),
            scope: "person".into(),
            reason: "erased".into(),
            at: ctx.now(),
            done: false,
        };
        let entries = [intent(suppression::subject_hash(&keys, lina.id)), intent(lina.address)];
        ctx.vault.safety(ctx.workspace, &entries).await.unwrap();
        ctx.vault.destroy_data_keys(ctx.workspace, &[lina.id]).await.unwrap();
        // … the power goes here.
        let report = erasure::resume(&t.core, &gate).await.unwrap();
        assert_eq!(report.erased, 1);
        assert_eq!(people(&ctx).await, 0);
        assert_eq!(suppression::check(&ctx, &[lina.address]).await.unwrap()[0][0].reason, Reason::Erased);
        assert_eq!(erasure::resume(&t.core, &gate).await.unwrap(), erasure::Replayed::default());
    }

    async fn a_withdrawal_that_reached_only_the_safety_log_holds(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, lina.consent(ctx.now())).await;
        t.clock.advance(1);
        let keys = ctx.keys().await.unwrap();
        let entry = SafetyEntry {
            id: ctx.id(),
            kind: SafetyKind::Objection,
            subject: Some(lina.id),
            hash: Some(suppression::subject_hash(&keys, lina.id)),
            scope: "purpose:marketing".into(),
            reason: "objection".into(),
            at: ctx.now(),
            done: false,
        };
        ctx.vault.safety(ctx.workspace, &[entry]).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
        assert_eq!(erasure::resume(&t.core, &gate).await.unwrap().restored, 1);
        assert_eq!(lina.asked(&ctx, &gate).await, "unsubscribe_all");
        assert_eq!(claims::list(&ctx, lina.id).await.unwrap(), claims::from_ledger(&ctx, lina.id).await.unwrap());
    }

    async fn a_restored_backup_forgets_again_what_was_forgotten(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        // Yesterday's copy of her rows.
        let row: (Vec<u8>, Timestamp) = ctx.db.one(COPY_CLAIM, params![ctx.workspace, lina.id]).await.unwrap();
        let person: (Vec<u8>,) = ctx.db.one(PERSON_ROW, params![ctx.workspace, lina.id]).await.unwrap();
        t.clock.advance(60);
        erasure::erase(&ctx, &gate, lina.id).await.unwrap();
        gate.withdraw(&ctx, leave(&omar)).await.unwrap();
        // "Restore": her rows are back; erasure records and blocks are not there yet.
        let (ws, id) = (ctx.workspace, lina.id);
        ctx.db
            .tx(move |tx| {
                tx.exec(PUT_BACK, params![ws, id, row.0.clone(), row.1])?;
                tx.exec(PUT_PERSON, params![ws, id, person.0.clone()])?;
                tx.exec(FORGET_ERASURE, params![ws])?;
                tx.exec(FORGET_BLOCKS, params![ws])
            })
            .await
            .unwrap();
        assert_eq!(people(&ctx).await, 2);
        let report = erasure::replay(&ctx, &gate).await.unwrap();
        assert_eq!((report.erased, report.restored), (1, 2));
        assert_eq!(people(&ctx).await, 1);
        assert_eq!(lina.asked(&ctx, &gate).await, "erased");
        assert_eq!(omar.asked(&ctx, &gate).await, "unsubscribe_all");
        assert_eq!(suppression::check(&ctx, &[lina.address]).await.unwrap()[0][0].reason, Reason::Erased);
        let chain = ledger::verify_stored(&ctx, true).await.unwrap();
        assert!(chain.chain.events >= 4);
        // A second replay changes nothing but says so in the ledger.
        assert_eq!(erasure::replay(&ctx, &gate).await.unwrap(), erasure::Replayed::default());
    }

    async fn a_backup_that_knows_the_address_under_an_older_id_is_cleaned_too(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let older = Person::german(&ctx, "lina@example.com").await;
        t.clock.advance(60);
        let lina = Person::german(&ctx, "lina@example.com").await;
        t.clock.advance(60);
        erasure::erase(&ctx, &gate, lina.id).await.unwrap();
        t.clock.advance(60);
        let newcomer = Person::german(&ctx, "lina@example.com").await;
        let report = erasure::replay(&ctx, &gate).await.unwrap();
        assert_eq!(report.erased, 1);
        assert!(erasure::certificate(&ctx, older.id).await.unwrap().is_some());
        assert!(erasure::certificate(&ctx, newcomer.id).await.unwrap().is_none());
    }
}
