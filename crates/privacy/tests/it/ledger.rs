use kernel::{ContactId, Timestamp};
use privacy::Error;
use privacy::ledger::{self, Checkpoint, verify_lines};
use privacy::vocabulary::ConsentState;
use proptest::prelude::*;
use serde_json::json;
use store::{Ctx, params};
use testkit::Fixture;

use crate::people::{Person, state};

store::sql! {
    RECORD = "SELECT at, events, root, prev_hash, hash FROM ledger_record WHERE workspace = $1 AND seq = $2";
    SET_RECORD = "UPDATE ledger_record SET at = $3, events = $4, root = $5, prev_hash = $6, hash = $7 WHERE workspace = $1 AND seq = $2";
    EVENT = "SELECT id, subject, body, sealed FROM ledger_event WHERE workspace = $1 AND seq = $2 AND ordinal = 0";
    SET_EVENT = "UPDATE ledger_event SET id = $3, subject = $4, body = $5, sealed = $6 WHERE workspace = $1 AND seq = $2 AND ordinal = 0";
    SHRED = "UPDATE ledger_event SET sealed = NULL WHERE workspace = $1";
    DROP_RECORD = "DELETE FROM ledger_record WHERE workspace = $1 AND seq = $2";
    DROP_EVENTS = "DELETE FROM ledger_event WHERE workspace = $1 AND seq = $2";
    SMUGGLE = "INSERT INTO ledger_event (workspace, seq, ordinal, id, subject, body, sealed)
        SELECT workspace, $3, ordinal, id, subject, body, sealed FROM ledger_event WHERE workspace = $1 AND seq = $2";
    HEAD_HASH = "UPDATE workspace_head SET ledger_seq = $2 WHERE workspace = $1";
}

type Record = (Timestamp, i64, Vec<u8>, Vec<u8>, Vec<u8>);
type Event = (kernel::EventId, store::Blind, Vec<u8>, Option<Vec<u8>>);

/// Four records of one, one, three and one events.
async fn some_ledger(ctx: &Ctx) -> Person {
    let person = Person::german(ctx, "lina@example.com").await;
    let keys = ctx.keys().await.unwrap();
    let subject_keys = ctx.vault.subject(ctx.workspace, person.id).await.unwrap();
    state(ctx, person.consent(ctx.now())).await;
    state(ctx, person.statement(ConsentState::Withdrawn, ctx.now(), json!({"ip": "192.0.2.1"}))).await;
    let mut batch = ctx.batch();
    for _ in 0..3 {
        ledger_state(&mut batch, ctx, &keys, &subject_keys, &person);
    }
    ctx.db.apply(batch).await.unwrap();
    state(ctx, person.consent(ctx.now())).await;
    person
}

fn ledger_state(
    batch: &mut store::Batch,
    ctx: &Ctx,
    keys: &store::WorkspaceKeys,
    subject_keys: &store::SubjectKeys,
    person: &Person,
) {
    privacy::claims::state(batch, ctx, keys, subject_keys, person.consent(ctx.now())).unwrap();
}

async fn exported(ctx: &Ctx) -> Vec<String> {
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let page = ledger::export(ctx, after).await.unwrap();
        lines.extend(page.lines);
        match page.next {
            Some(next) => after = next,
            None => return lines,
        }
    }
}

async fn first_bad(ctx: &Ctx) -> u64 {
    match ledger::verify_stored(ctx, true).await {
        Err(Error::LedgerBroken { seq, .. }) => seq,
        other => panic!("expected a broken ledger, got {other:?}"),
    }
}

testkit::each_engine! {
    async fn a_ledger_verifies_online_and_from_its_export(t: Fixture) {
        let ctx = t.workspace().await;
        assert_eq!(ledger::verify_stored(&ctx, true).await.unwrap().chain.records, 0);
        let empty = ledger::checkpoint(&ctx).await.unwrap();
        let person = some_ledger(&ctx).await;
        let online = ledger::verify_stored(&ctx, true).await.unwrap();
        assert_eq!((online.chain.records, online.chain.events, online.opened), (4, 6, 6));
        let (lines, point) = (exported(&ctx).await, ledger::checkpoint(&ctx).await.unwrap());
        assert_eq!((lines.len(), point.seq), (4, 4));
        let offline = verify_lines(&lines, Some(&point)).unwrap();
        assert_eq!((&offline.head, offline.checkpoint), (&online.chain.head, Some(4)));
        assert_eq!(verify_lines(&lines, Some(&empty)).unwrap().records, 4);
        assert!(lines.iter().all(|line| !line.contains("example.com") && !line.contains("192.0.2")));
        assert!(lines.iter().all(|line| !line.contains(&person.id.to_string())));
        assert_eq!(ledger::verify_stored(&ctx, false).await.unwrap().checkpoints, 1);

        // Going on does not invalidate what was signed; other people's checkpoints do not fit.
        state(&ctx, person.consent(ctx.now())).await;
        assert_eq!(verify_lines(exported(&ctx).await, Some(&point)).unwrap().records, 5);
        let other = t.workspace().await;
        some_ledger(&other).await;
        let foreign = ledger::checkpoint(&other).await.unwrap();
        assert_eq!(verify_lines(&lines, Some(&foreign)).unwrap_err().seq, 1);
    }

    async fn every_tampering_with_an_export_is_found(t: Fixture) {
        let ctx = t.workspace().await;
        some_ledger(&ctx).await;
        let (lines, point) = (exported(&ctx).await, ledger::checkpoint(&ctx).await.unwrap());
        let bad = |lines: Vec<String>| verify_lines(lines, Some(&point)).map_or_else(|at| at.seq, |_| 0);
        let without = |index: usize| {
            let mut lines = lines.clone();
            lines.remove(index);
            lines
        };
        assert_eq!([0, 1, 2, 3].map(|index| bad(without(index))), [1, 2, 3, 4]);
        let mut swapped = lines.clone();
        swapped.swap(1, 2);
        assert_eq!(bad(swapped), 2);
        let mut doubled = lines.clone();
        doubled.insert(2, lines[1].clone());
        assert_eq!(bad(doubled), 3);
        // Each byte of the second line, flipped in its lowest bit and in the bit of letter case.
        for at in 0..lines[1].len() {
            for bit in [1, 0x20] {
                let mut bytes = lines[1].clone().into_bytes();
                bytes[at] ^= bit;
                let Ok(line) = String::from_utf8(bytes) else { continue };
                let mut changed = lines.clone();
                changed[1] = line;
                assert_eq!(bad(changed), 2, "byte {at}");
            }
        }
        let forged = Checkpoint { hash: "00".repeat(32), ..point.clone() };
        assert!(verify_lines(&lines, Some(&forged)).is_err());
    }

    async fn one_flipped_byte_in_the_tables_is_found(t: Fixture) {
        let ctx = t.workspace().await;
        some_ledger(&ctx).await;
        let record: Record = ctx.db.one(RECORD, params![ctx.workspace, 2]).await.unwrap();
        let write = |r: Record| {
            let values = params![ctx.workspace, 2, r.0, r.1, r.2, r.3, r.4];
            let ctx = ctx.clone();
            async move { ctx.db.tx(move |tx| tx.exec(SET_RECORD, values.clone())).await.unwrap() }
        };
        let flip = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes[5] ^= 4;
            bytes
        };
        let (at, events, root, prev, hash) = record.clone();
        let tampered = [
            (Timestamp(at.0 ^ 1), events, root.clone(), prev.clone(), hash.clone()),
            (at, events ^ 2, root.clone(), prev.clone(), hash.clone()),
            (at, events, flip(&root), prev.clone(), hash.clone()),
            (at, events, root.clone(), flip(&prev), hash.clone()),
            (at, events, root.clone(), prev.clone(), flip(&hash)),
        ];
        for changed in tampered {
            write(changed).await;
            assert_eq!(first_bad(&ctx).await, 2);
        }
        write(record).await;

        let event: Event = ctx.db.one(EVENT, params![ctx.workspace, 2]).await.unwrap();
        let write = |e: Event| {
            let values = params![ctx.workspace, 2, e.0, e.1, e.2, e.3];
            let ctx = ctx.clone();
            async move { ctx.db.tx(move |tx| tx.exec(SET_EVENT, values.clone())).await.unwrap() }
        };
        let (id, subject, body, sealed) = event.clone();
        let mut other_id = id;
        other_id.0[15] ^= 1;
        let mut other_subject = subject;
        other_subject[0] ^= 1;
        let payload = sealed.clone().unwrap();
        let tampered = [
            (other_id, subject, body.clone(), sealed.clone()),
            (id, other_subject, body.clone(), sealed.clone()),
            (id, subject, flip(&body), sealed.clone()),
            (id, subject, body.clone(), Some(flip(&payload))),
            (id, subject, body.clone(), None),
        ];
        for changed in tampered {
            write(changed).await;
            assert_eq!(first_bad(&ctx).await, 2);
        }
        write(event).await;
        ledger::verify_stored(&ctx, true).await.unwrap();

        ctx.db.tx({ let ws = ctx.workspace; move |tx| tx.exec(HEAD_HASH, params![ws, 3]) }).await.unwrap();
        assert_eq!(first_bad(&ctx).await, 5);
    }

    async fn a_smuggled_event_is_found(t: Fixture) {
        let ctx = t.workspace().await;
        some_ledger(&ctx).await;
        let ws = ctx.workspace;
        ctx.db.tx(move |tx| tx.exec(SMUGGLE, params![ws, 4, 9])).await.unwrap();
        assert_eq!(first_bad(&ctx).await, 9);
    }

    async fn a_cut_off_ledger_is_found_by_the_head_and_by_checkpoints(t: Fixture) {
        let ctx = t.workspace().await;
        some_ledger(&ctx).await;
        ledger::checkpoint(&ctx).await.unwrap();
        let ws = ctx.workspace;
        ctx.db
            .tx(move |tx| {
                tx.exec(DROP_EVENTS, params![ws, 4])?;
                tx.exec(DROP_RECORD, params![ws, 4])
            })
            .await
            .unwrap();
        assert_eq!(first_bad(&ctx).await, 4);
    }

    async fn shredded_evidence_leaves_the_chain_valid(t: Fixture) {
        let ctx = t.workspace().await;
        let person = some_ledger(&ctx).await;
        let before = exported(&ctx).await;
        ctx.vault.destroy_evidence_keys(ctx.workspace, &[person.id]).await.unwrap();
        assert_eq!(ledger::verify_stored(&ctx, true).await.unwrap().opened, 0);
        let ws = ctx.workspace;
        ctx.db.tx(move |tx| tx.exec(SHRED, params![ws])).await.unwrap();
        let report = ledger::verify_stored(&ctx, true).await.unwrap();
        assert_eq!((report.chain.records, report.shredded), (4, 6));
        assert_eq!(exported(&ctx).await, before);
        verify_lines(before, None).unwrap();
    }
}

proptest! {
    #[test]
    fn hostile_lines_break_nothing(lines in proptest::collection::vec("\\PC{0,80}", 0..4)) {
        let _ = verify_lines(&lines, None);
    }
}

#[test]
fn a_pseudonym_is_not_the_contact() {
    testkit::run(async {
        let t = Fixture::sqlite().await;
        let (one, other) = (t.workspace().await, t.workspace().await);
        let subject: ContactId = one.id();
        let (a, b) = (one.keys().await.unwrap(), other.keys().await.unwrap());
        assert_ne!(ledger::pseudonym(&a, subject), subject.0);
        assert_ne!(ledger::pseudonym(&a, subject), ledger::pseudonym(&b, subject));
        assert_eq!(ledger::pseudonym(&a, subject), ledger::pseudonym(&a, subject));
    });
}
