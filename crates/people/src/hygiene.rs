//! Hygiene: nobody is kept on legitimate interest for months without an answer. Every night, and
//! when a member asks, prospects whose time is over are erased; erasure leaves their keyed
//! suppression, so that no later import brings them back.

use std::collections::BTreeMap;

use accounts::audit;
use kernel::{ContactId, EventId, Problem, Timestamp};
use privacy::erasure::ERASE_QUEUE;
use privacy::hygiene::{self, Prospect, expired};
pub use privacy::hygiene::{Policy, Why};
use privacy::suppression::{self, Reason};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, NewJob, params};

use crate::contacts::{self, ENRICHED_BEFORE};
use crate::{Error, Result};

store::sql! {
    POLICY = "SELECT policy FROM hygiene_policy WHERE workspace = $1";
    SET_POLICY = "INSERT INTO hygiene_policy (workspace, policy, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET policy = $2, updated_at = $3";
    INSERT_RUN = "INSERT INTO hygiene_run (workspace, id, at, actor, dry_run, report) VALUES ($1, $2, $3, $4, $5, $6)";
    RUNS = "SELECT id, at, actor, dry_run, report FROM hygiene_run WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// Prospects looked at per read.
const CHUNK: u32 = 500;
/// Erasures asked for per commit.
const TOGETHER: usize = 200;
/// The least time between two runs of the night, in seconds.
const NIGHT: i64 = 20 * 3600;

/// What a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Prospects looked at.
    pub prospects: u64,
    /// Leads with values from elsewhere that were looked at.
    pub enriched: u64,
    /// Who goes, by reason.
    pub erased: BTreeMap<String, u64>,
}

/// A run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who asked; `system` at night.
    pub actor: String,
    /// Nobody was erased.
    pub dry_run: bool,
    /// What it found.
    #[serde(flatten)]
    pub report: Report,
}

/// How long prospects are kept in this workspace.
///
/// # Errors
/// When the store fails.
pub async fn policy(ctx: &Ctx) -> Result<Policy> {
    let row: Option<(String,)> = ctx.db.get(POLICY, params![ctx.workspace]).await?;
    row.map_or(Ok(Policy::default()), |(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("policy")))
}

/// Changes how long prospects are kept, within what is allowed.
///
/// # Errors
/// A problem that names the period and its bounds.
pub async fn set_policy(ctx: &Ctx, policy: Policy) -> Result<Policy> {
    let policy = policy.checked().map_err(|(field, detail)| Problem::field(field, detail))?;
    let text = serde_json::to_string(&policy).map_err(|_| Error::Corrupt("policy"))?;
    let mut batch = ctx.batch();
    batch.push(SET_POLICY, params![ctx.workspace, text, ctx.now()]);
    audit::record(&mut batch, ctx, "hygiene.policy_changed", &[&ctx.workspace]);
    ctx.db.apply(batch).await?;
    Ok(policy)
}

/// Looks for prospects whose time is over and, unless it is a dry run, has them erased.
///
/// # Errors
/// When the store fails; what was asked for before is carried out.
pub async fn run(ctx: &Ctx, dry_run: bool) -> Result<Run> {
    let (policy, now) = (policy(ctx).await?, ctx.now());
    let mut report = Report::default();
    let mut going: BTreeMap<ContactId, Why> = BTreeMap::new();
    let mut after = Some(ContactId([0; 16]));
    while let Some(from) = after {
        let (prospects, next) = hygiene::prospects(ctx, from, CHUNK).await?;
        report.prospects += prospects.len() as u64;
        let (over, kept): (Vec<&Prospect>, Vec<&Prospect>) =
            prospects.iter().partition(|prospect| expired(prospect, &policy, now).is_some());
        going.extend(over.iter().filter_map(|one| Some((one.subject, expired(one, &policy, now)?))));
        let kept: Vec<ContactId> = kept.iter().map(|one| one.subject).collect();
        going.extend(dead(ctx, &kept).await?.into_iter().map(|contact| (contact, Why::DeadAddress)));
        after = next;
    }
    for contact in old_enriched(ctx, &policy, &mut report).await? {
        going.entry(contact).or_insert(Why::EnrichedTooOld);
    }
    for why in going.values() {
        *report.erased.entry(why.as_str().to_owned()).or_default() += 1;
    }
    if !dry_run {
        erase(ctx, &going).await?;
    }
    note(ctx, dry_run, report).await
}

async fn erase(ctx: &Ctx, going: &BTreeMap<ContactId, Why>) -> Result<()> {
    let all: Vec<(&ContactId, &Why)> = going.iter().collect();
    for chunk in all.chunks(TOGETHER) {
        let mut batch = ctx.batch();
        for (contact, why) in chunk {
            let reason = why.as_str();
            audit::record(&mut batch, ctx, "hygiene.erased", &[*contact, &reason]);
            batch.job(NewJob::now(ERASE_QUEUE, json!({"subject": contact})).key(contact.to_string()));
        }
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

async fn note(ctx: &Ctx, dry_run: bool, report: Report) -> Result<Run> {
    let run = Run { id: ctx.id(), at: ctx.now(), actor: ctx.actor.to_string(), dry_run, report };
    let text = serde_json::to_string(&run.report).map_err(|_| Error::Corrupt("report"))?;
    let mut batch = ctx.batch();
    batch.push(INSERT_RUN, params![ctx.workspace, run.id, run.at, run.actor.as_str(), dry_run, text]);
    audit::record(&mut batch, ctx, "hygiene.run", &[&run.id]);
    let erased: u64 = run.report.erased.values().sum();
    batch.feed(Feed {
        kind: "hygiene.run",
        entity: run.id.into(),
        data: json!({"erased": erased, "dry_run": dry_run}),
    });
    ctx.db.apply(batch).await?;
    Ok(run)
}

/// Those of these people whose only addresses do not exist any more.
async fn dead(ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    let keys = ctx.keys().await?;
    let mut hashes = Vec::new();
    for loaded in contacts::get_many(ctx, crate::ReadFor::Upkeep, contacts).await?.into_iter().flatten() {
        if loaded.profile.phones.is_empty() {
            let of = loaded.profile.emails.iter().map(|email| suppression::email_hash(&keys, &email.0));
            hashes.push((loaded.id, of.collect::<Vec<_>>()));
        }
    }
    let all: Vec<store::Blind> = hashes.iter().flat_map(|(_, of)| of.iter().copied()).collect();
    let mut found = suppression::check(ctx, &all).await?.into_iter();
    let mut out = Vec::new();
    for (contact, of) in hashes {
        let bounced = |blocks: Vec<suppression::Suppressed>| {
            blocks.iter().any(|block| matches!(block.reason, Reason::HardBounce))
        };
        let gone: Vec<bool> = found.by_ref().take(of.len()).map(bounced).collect();
        if !gone.is_empty() && gone.iter().all(|gone| *gone) {
            out.push(contact);
        }
    }
    Ok(out)
}

/// People whose enriched values are too old, and who have no relationship with the workspace.
async fn old_enriched(ctx: &Ctx, policy: &Policy, report: &mut Report) -> Result<Vec<ContactId>> {
    let before = ctx.now().plus_seconds(-i64::from(policy.enriched_days) * 86_400);
    let (mut at, mut last) = (Timestamp(i64::MIN), ContactId([0; 16]));
    let mut out = Vec::new();
    loop {
        let rows: Vec<(ContactId, Timestamp)> =
            ctx.db.all(ENRICHED_BEFORE, params![ctx.workspace, before, at, last, CHUNK]).await?;
        let contacts: Vec<ContactId> = rows.iter().map(|row| row.0).collect();
        report.enriched += rows.len() as u64;
        let related = hygiene::related(ctx, &contacts).await?;
        out.extend(contacts.iter().zip(related).filter(|(_, related)| !related).map(|(contact, _)| *contact));
        match rows.last() {
            Some((contact, instant)) if rows.len() == CHUNK as usize => (last, at) = (*contact, *instant),
            _ => return Ok(out),
        }
    }
}

/// Runs of the past, newest first.
///
/// # Errors
/// When the store fails.
pub async fn runs(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Run>> {
    type Row = (EventId, Timestamp, String, bool, String);
    let before = before.unwrap_or(EventId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(RUNS, params![ctx.workspace, before, limit]).await?;
    let read = |(id, at, actor, dry_run, report): Row| {
        let report = serde_json::from_str(&report).map_err(|_| Error::Corrupt("report"))?;
        Ok(Run { id, at, actor, dry_run, report })
    };
    rows.into_iter().map(read).collect()
}

/// The run of the night: at most once a day, however often this is called.
///
/// # Errors
/// When the store fails.
pub async fn nightly(ctx: &Ctx) -> Result<Option<Run>> {
    let last = runs(ctx, None, 50).await?.into_iter().find(|run| !run.dry_run && run.actor == "system");
    if last.is_some_and(|run| ctx.now() < run.at.plus_seconds(NIGHT)) {
        return Ok(None);
    }
    run(ctx, false).await.map(Some)
}
