use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{ContactId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Actor, Blind, Core, Ctx, SafetyEntry, SafetyKind, params};

use crate::facts::SUBJECTS_AFTER;
use crate::gate::{Gate, reapply};
use crate::{Result, ledger, register};

/// What replaying the safety log changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// People erased again.
    pub erased: u64,
    /// Withdrawals, objections and suppressions brought back.
    pub restored: u64,
}

fn by_person(entries: Vec<SafetyEntry>) -> (BTreeMap<ContactId, Vec<SafetyEntry>>, Vec<SafetyEntry>) {
    let mut erasures: BTreeMap<ContactId, Vec<SafetyEntry>> = BTreeMap::new();
    let mut others = Vec::new();
    for entry in entries {
        match (entry.kind, entry.subject) {
            (SafetyKind::Erasure, Some(subject)) => erasures.entry(subject).or_default().push(entry),
            _ => others.push(entry),
        }
    }
    (erasures, others)
}

/// Finishes, at start-up, whatever was in the safety log and not yet in the data.
///
/// # Errors
/// When the store fails; nothing may be served then.
pub async fn resume(core: &Core, gate: &Gate) -> Result<Replayed> {
    let mut report = Replayed::default();
    for workspace in core.vault.unfinished().await? {
        let ctx = core.ctx(workspace, Actor::System);
        let (erasures, others) = by_person(core.vault.open_safety(workspace).await?);
        for (subject, entries) in erasures {
            super::finish(&ctx, gate, subject, &entries).await?;
            report.erased += 1;
        }
        for entry in others {
            report.restored += u64::from(reapply(&ctx, &entry).await?);
            core.vault.complete_safety(workspace, &[entry.id]).await?;
        }
    }
    Ok(report)
}

/// Replays the whole safety log of a workspace over restored data, in the order in which things
/// were decided: people erased since are erased again, by their id and by their addresses (a backup
/// may hold them under an older id), and withdrawals, objections and suppressions hold again. Ends
/// with a `restored` ledger event. Call it before anything is served.
///
/// # Errors
/// When the store fails; nothing may be served then.
pub async fn replay(ctx: &Ctx, gate: &Gate) -> Result<Replayed> {
    let report = catch_up(ctx, gate).await?;
    record(ctx, report).await?;
    Ok(report)
}

/// [`replay`] for data that may or may not be older than the safety log, such as after a crash: the
/// ledger event is written only when something was missing.
///
/// # Errors
/// When the store fails; nothing may be served then.
pub async fn replay_if_behind(ctx: &Ctx, gate: &Gate) -> Result<Replayed> {
    let report = catch_up(ctx, gate).await?;
    if report.erased + report.restored > 0 {
        record(ctx, report).await?;
    }
    Ok(report)
}

async fn record(ctx: &Ctx, report: Replayed) -> Result<()> {
    let mut batch = ctx.batch();
    let payload = json!({"erased": report.erased, "restored": report.restored});
    ledger::push_workspace_event(&mut batch, ctx, ledger::Kind::Restored, &payload).await?;
    ctx.db.apply(batch).await?;
    Ok(())
}

async fn catch_up(ctx: &Ctx, gate: &Gate) -> Result<Replayed> {
    let (erasures, others) = by_person(ctx.vault.safety_log(ctx.workspace).await?);
    let mut report = Replayed::default();
    let lifts = lifts(&others);
    for entry in others.iter().filter(|entry| !was_lifted(&lifts, entry)) {
        report.restored += u64::from(reapply(ctx, entry).await?);
    }
    let kept = crate::retention::settings(ctx).await?.period_of("request.shell");
    for (subject, entries) in &erasures {
        // Their certificate ended with its class: nothing is left to erase unless the data are a backup's.
        let ended = entries.iter().all(|entry| kept.after(entry.at) <= ctx.now());
        if ended && !super::has_rows(ctx, *subject).await? {
            continue;
        }
        if super::certificate(ctx, *subject).await?.is_none() {
            super::finish(ctx, gate, *subject, entries).await?;
            report.erased += 1;
        }
    }
    let lifted: HashSet<Blind> = lifts.keys().map(|(hash, _)| *hash).collect();
    report.erased += erase_by_address(ctx, gate, &erasures, &lifted).await?;
    reapply_lifts(ctx, &others).await?;
    Ok(report)
}

/// How many erasures of the safety log the data know nothing of, and are not so old that retention has
/// ended their certificates: data that miss any may not be served.
///
/// # Errors
/// When the store fails.
pub async fn missing(ctx: &Ctx) -> Result<u64> {
    let kept = crate::retention::settings(ctx).await?.period_of("request.shell");
    let (erasures, _) = by_person(ctx.vault.safety_log(ctx.workspace).await?);
    let mut count = 0;
    for (subject, entries) in &erasures {
        let known = super::certificate(ctx, *subject).await?.is_some();
        let ended = entries.iter().all(|entry| kept.after(entry.at) <= ctx.now());
        count += u64::from(!known && !ended);
    }
    Ok(count)
}

type Lifts<'a> = HashMap<(Blind, &'a str), Timestamp>;

/// The last lift of each block.
fn lifts(others: &[SafetyEntry]) -> Lifts<'_> {
    let mut lifts = Lifts::new();
    for entry in others.iter().filter(|entry| entry.reason == crate::suppression::LIFTED) {
        if let Some(hash) = entry.hash {
            let last = lifts.entry((hash, entry.scope.as_str())).or_insert(entry.at);
            *last = entry.at.max(*last);
        }
    }
    lifts
}

fn was_lifted(lifts: &Lifts<'_>, entry: &SafetyEntry) -> bool {
    let lift = entry.hash.and_then(|hash| lifts.get(&(hash, entry.scope.as_str())));
    entry.reason != crate::suppression::LIFTED && lift.is_some_and(|at| entry.at <= *at)
}

/// Erasing again has blocked again; what the person asked for after their erasure still counts.
async fn reapply_lifts(ctx: &Ctx, others: &[SafetyEntry]) -> Result<()> {
    for entry in others.iter().filter(|entry| entry.reason == crate::suppression::LIFTED) {
        reapply(ctx, entry).await?;
    }
    Ok(())
}

/// The instant in a UUIDv7 (RFC 9562), which is when the contact was made.
fn made_at(subject: ContactId) -> Timestamp {
    let millis = subject.0[..6].iter().fold(0i64, |sum, octet| (sum << 8) | i64::from(*octet));
    Timestamp(millis.saturating_mul(1000))
}

/// Finds people in the restored data who hold an erased address under another id and were there
/// when it was erased. Whoever came back afterwards stays.
async fn erase_by_address(
    ctx: &Ctx,
    gate: &Gate,
    erasures: &BTreeMap<ContactId, Vec<SafetyEntry>>,
    lifted: &HashSet<Blind>,
) -> Result<u64> {
    let erased: BTreeMap<Blind, Timestamp> = erasures
        .values()
        .flatten()
        .filter_map(|entry| Some((entry.hash?, entry.at)))
        .filter(|(hash, _)| !lifted.contains(hash))
        .collect();
    if erased.is_empty() {
        return Ok(0);
    }
    let keys = ctx.keys().await?;
    let (mut after, mut count) = (ContactId([0; 16]), 0);
    loop {
        let page: Vec<(ContactId,)> = ctx.db.all(SUBJECTS_AFTER, params![ctx.workspace, after, 1000]).await?;
        let Some(last) = page.last() else { return Ok(count) };
        after = last.0;
        let subjects: Vec<ContactId> = page.into_iter().map(|row| row.0).collect();
        let subject_keys = ctx.vault.subjects(ctx.workspace, &subjects).await?;
        for (subject, subject_keys) in subjects.into_iter().zip(&subject_keys) {
            if subject_keys.data().is_err() {
                continue;
            }
            let addresses = register::addresses_of(ctx, subject, subject_keys).await?;
            let hit = addresses.iter().filter_map(|address| erased.get(&keys.suppression(address)));
            if hit.into_iter().any(|at| made_at(subject) <= *at) {
                super::erase(ctx, gate, subject).await?;
                count += 1;
            }
        }
    }
}
