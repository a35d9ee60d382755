use std::collections::HashMap;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use kernel::{ContactId, Timestamp};
use store::ledger::GENESIS;
use store::{Blind, Ctx, SubjectKeys, params};

use super::checkpoint::Checkpoint;
use super::event::{ciphertext_hash, open_payload, pseudonym};
use super::export::{EVENTS_PER_PAGE, head_of, read};
use super::header::Header;
use super::queries::{self, EventRow};
use super::verify::{Record, Verified, Verifier};
use crate::{Error, Result};

/// What an online check found in order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OnlineReport {
    /// The chain.
    #[serde(flatten)]
    pub chain: Verified,
    /// Payloads that were opened and matched their commitment.
    pub opened: u64,
    /// Payloads shredded by retention.
    pub shredded: u64,
    /// Stored checkpoints that were met.
    pub checkpoints: u64,
}

fn broken(seq: i64, why: impl Into<String>) -> Error {
    Error::LedgerBroken { seq: seq.unsigned_abs(), why: why.into() }
}

/// Columns beside the header must repeat what the header says, and the ciphertext be the one it names.
fn check_columns(row: &EventRow, ordinal: i64) -> Result<()> {
    let header = Header::parse(&row.body).ok_or_else(|| broken(row.seq, "a header is not in canonical form"))?;
    if row.ordinal != ordinal {
        return Err(broken(row.seq, "its events are not numbered in order"));
    }
    if header.id != row.id || header.subject != BASE64URL_NOPAD.encode(&row.subject) {
        return Err(broken(row.seq, "an event is filed under another id or person than its header says"));
    }
    match row.sealed.as_deref() {
        Some(sealed) if ciphertext_hash(sealed) != header.sealed => {
            Err(broken(row.seq, "a sealed payload was changed"))
        }
        _ => Ok(()),
    }
}

/// Verifies the ledger where it is stored: the chain, the columns beside it, the ciphertexts, the
/// head, the stored checkpoints. With `payloads`, every payload whose key still exists is opened
/// and held against its commitment too (slower: it reads every person's keys).
///
/// # Errors
/// [`Error::LedgerBroken`] with the first bad record; store errors.
pub async fn verify_stored(ctx: &Ctx, payloads: bool) -> Result<OnlineReport> {
    let people = if payloads { people(ctx).await? } else { HashMap::new() };
    let kept = crate::retention::settings(ctx).await?.period_of("consent.evidence");
    let mut points = checkpoints(ctx).await?.into_iter().peekable();
    let mut verifier = Verifier::new(None).map_err(|at| broken(at.seq as i64, at.why))?;
    let (mut after, mut opened, mut shredded, mut met, mut last) = (0i64, 0u64, 0u64, 0u64, GENESIS);
    loop {
        let chunk = read(ctx, after).await?;
        let subject_keys = subject_keys(ctx, &people, &chunk.events).await?;
        let mut events = chunk.events.into_iter().peekable();
        for row in &chunk.records {
            let mut bodies = Vec::with_capacity(row.events.clamp(0, EVENTS_PER_PAGE) as usize);
            while let Some(event) = events.next_if(|event| event.seq <= row.seq) {
                if event.seq != row.seq {
                    return Err(broken(event.seq, "an event belongs to no record"));
                }
                check_columns(&event, bodies.len() as i64)?;
                shredded += u64::from(event.sealed.is_none());
                if let Some(known) = subject_keys.get(&event.subject) {
                    if event.sealed.is_none() && known.keys.evidence().is_ok() && !ended(&event, kept, ctx.now()) {
                        return Err(broken(event.seq, "a payload is missing although its key exists"));
                    }
                    opened += u64::from(open_payload(ctx, known.subject, &known.keys, &event)?.is_some());
                }
                bodies.push(event.body);
            }
            let (head, hash) = head_of(ctx, row)?;
            verifier.record(&Record { head, hash, bodies: &bodies }).map_err(|at| broken(at.seq as i64, at.why))?;
            if let Some(point) = points.next_if(|point| point.seq == row.seq.unsigned_abs()) {
                if point.hash_bytes() != Some(hash) {
                    return Err(broken(row.seq, "it is not the record a checkpoint signed"));
                }
                met += 1;
            }
            last = hash;
        }
        match chunk.records.last() {
            Some(row) => after = row.seq,
            None => break,
        }
    }
    if let Some(point) = points.peek() {
        return Err(broken(
            (after + 1).min(point.seq as i64),
            "it is missing: the ledger was cut off before a checkpoint",
        ));
    }
    check_end(ctx, after, &last).await?;
    let chain = verifier.finish().map_err(|at| broken(at.seq as i64, at.why))?;
    Ok(OnlineReport { chain, opened, shredded, checkpoints: met })
}

/// Whether an event is so old that retention may have shredded its payload.
fn ended(row: &EventRow, kept: crate::retention::Period, now: kernel::Timestamp) -> bool {
    Header::parse(&row.body).is_some_and(|header| kept.after(header.at) <= now)
}

/// Nothing may stand behind the last record, and the head must be its.
async fn check_end(ctx: &Ctx, last_seq: i64, last_hash: &[u8; 32]) -> Result<()> {
    let stray: Option<EventRow> =
        ctx.db.opt(queries::EVENTS_BETWEEN, params![ctx.workspace, last_seq, i64::MAX]).await?;
    if let Some(event) = stray {
        return Err(broken(event.seq, "an event belongs to no record"));
    }
    let head: Option<(i64, Vec<u8>)> = ctx.db.opt(queries::LEDGER_HEAD, params![ctx.workspace]).await?;
    let (seq, hash) = head.unwrap_or((0, GENESIS.to_vec()));
    if (seq, hash.as_slice()) == (last_seq, &last_hash[..]) {
        Ok(())
    } else {
        Err(broken(last_seq + 1, "the head does not fit the last record"))
    }
}

struct Known {
    subject: ContactId,
    keys: SubjectKeys,
}

/// Everybody the ledger may speak of, by pseudonym: those the gate knows and those erased.
async fn people(ctx: &Ctx) -> Result<HashMap<Blind, ContactId>> {
    let keys = ctx.keys().await?;
    let mut out = HashMap::new();
    for sql in [crate::facts::SUBJECTS_AFTER, crate::erasure::ERASED_AFTER] {
        let mut after = ContactId([0; 16]);
        loop {
            let page: Vec<(ContactId,)> = ctx.db.all(sql, params![ctx.workspace, after, 5000]).await?;
            let Some(last) = page.last() else { break };
            after = last.0;
            out.extend(page.iter().map(|(subject,)| (pseudonym(&keys, *subject), *subject)));
        }
    }
    Ok(out)
}

async fn subject_keys(
    ctx: &Ctx,
    people: &HashMap<Blind, ContactId>,
    events: &[EventRow],
) -> Result<HashMap<Blind, Known>> {
    let mut wanted: Vec<(Blind, ContactId)> =
        events.iter().filter_map(|event| Some((event.subject, *people.get(&event.subject)?))).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let ids: Vec<ContactId> = wanted.iter().map(|(_, subject)| *subject).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &ids).await?;
    Ok(wanted.into_iter().zip(keys).map(|((name, subject), keys)| (name, Known { subject, keys })).collect())
}

async fn checkpoints(ctx: &Ctx) -> Result<Vec<Checkpoint>> {
    type Stored = (i64, Vec<u8>, Timestamp, Vec<u8>, Vec<u8>);
    let rows: Vec<Stored> = ctx.db.all(queries::CHECKPOINTS, params![ctx.workspace]).await?;
    rows.into_iter()
        .map(|(seq, hash, at, public, signature)| {
            let point = Checkpoint {
                workspace: ctx.workspace,
                seq: seq.unsigned_abs(),
                hash: HEXLOWER.encode(&hash),
                at,
                public_key: HEXLOWER.encode(&public),
                signature: HEXLOWER.encode(&signature),
            };
            if point.is_authentic() {
                Ok(point)
            } else {
                Err(broken(seq, "a stored checkpoint's signature does not verify"))
            }
        })
        .collect()
}
