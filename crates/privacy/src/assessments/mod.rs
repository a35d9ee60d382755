//! Assessments of legitimate interest (GDPR Art. 6(1)(f)): why writing to people who did not ask is
//! necessary, why their rights do not override it, and what protects them.
//!
//! An assessment is written as a draft, approved by a reviewer for at most as long as the rule pack
//! allows (twelve months), renewed with a new text before that ends, or ended early. A claim on
//! legitimate interest cites its id, and the gate looks the record up each time: an id that is
//! unknown, not approved, expired or ended carries nothing. Every version is kept, and nothing is
//! deleted: what was sent rested on it.

mod model;
mod queries;

use std::collections::HashMap;

use accounts::audit;
use kernel::{AssessmentId, Timestamp};
use store::{Batch, Ctx, Tx, params};

pub use model::{Assessment, Draft, Period, State, Version};

use crate::rules::{Lia, RulePack, months_after};
use crate::vocabulary::Purpose;
use crate::{Error, Result};
use model::{AssessmentRow, VersionRow};

/// The most assessments of one workspace.
const MOST: i64 = 1000;

/// Begins an assessment; nothing may rest on it before it is approved.
///
/// # Errors
/// [`Error::Invalid`] when a text is missing or too long, or the workspace has a thousand already.
pub async fn create(ctx: &Ctx, draft: &Draft) -> Result<Assessment> {
    draft.check()?;
    if ctx.db.one::<(i64,)>(queries::COUNT, params![ctx.workspace]).await?.0 >= MOST {
        return Err(Error::Invalid { field: "name", detail: "a workspace has at most 1000 assessments" });
    }
    let (id, body): (AssessmentId, _) = (ctx.id(), written(draft)?);
    let mut batch = ctx.batch();
    let (actor, now) = (ctx.actor.to_string(), ctx.now());
    let purpose = draft.purpose.as_str();
    batch.push(queries::INSERT_ASSESSMENT, params![ctx.workspace, id, purpose, body.as_str(), actor.as_str(), now]);
    keep(&mut batch, ctx, (id, 1), (draft, &body), None);
    audit::record(&mut batch, ctx, "assessment.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Rewrites a draft. `version` is the one that was read.
///
/// # Errors
/// A conflict when it is no draft any more, or was changed meanwhile.
pub async fn update(ctx: &Ctx, id: AssessmentId, version: i64, draft: &Draft) -> Result<Assessment> {
    draft.check()?;
    if get(ctx, id).await?.state != State::Draft {
        return Err(Error::conflict("only a draft can be rewritten; renew a live assessment"));
    }
    let body = written(draft)?;
    let mut batch = ctx.batch();
    let purpose = draft.purpose.as_str();
    batch.guard(queries::REWRITE_DRAFT, params![ctx.workspace, id, version, purpose, body.as_str(), ctx.now()]);
    keep(&mut batch, ctx, (id, version + 1), (draft, &body), None);
    audit::record(&mut batch, ctx, "assessment.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Approves a draft: from `period.start` on claims may rest on it. Whoever does it is its reviewer.
///
/// # Errors
/// [`Error::Invalid`] when the text has gaps or the period is too long or over; a conflict when it is
/// no draft, or was changed meanwhile.
pub async fn approve(ctx: &Ctx, id: AssessmentId, version: i64, period: Period) -> Result<Assessment> {
    let before = get(ctx, id).await?;
    if before.state != State::Draft {
        return Err(Error::conflict("only a draft can be approved"));
    }
    before.text.complete()?;
    let held = bounds(period, ctx.now())?;
    let mut batch = ctx.batch();
    let actor = ctx.actor.to_string();
    batch.guard(queries::APPROVE, params![ctx.workspace, id, version, actor.as_str(), held.0, held.1, ctx.now()]);
    keep(&mut batch, ctx, (id, version + 1), (&before.text, &written(&before.text)?), Some(held));
    audit::record(&mut batch, ctx, "assessment.approved", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Reviews a live assessment, also one whose time ran out: another text, a new period, the actor as
/// reviewer. Claims that cite it hold on under the new version.
///
/// # Errors
/// [`Error::Invalid`] when the text has gaps, weighs another purpose, or the period is wrong; a
/// conflict when it is a draft or was ended, or was changed meanwhile.
pub async fn renew(ctx: &Ctx, id: AssessmentId, version: i64, (draft, period): (&Draft, Period)) -> Result<Assessment> {
    draft.check()?;
    draft.complete()?;
    let before = get(ctx, id).await?;
    if before.state != State::Live {
        return Err(Error::conflict("only a live assessment can be renewed"));
    }
    if before.text.purpose != draft.purpose {
        return Err(Error::Invalid { field: "purpose", detail: "another purpose needs an assessment of its own" });
    }
    let (held, body) = (bounds(period, ctx.now())?, written(draft)?);
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, version, body.as_str(), ctx.actor.to_string(), held.0, held.1, ctx.now()];
    batch.guard(queries::RENEW, values);
    keep(&mut batch, ctx, (id, version + 1), (draft, &body), Some(held));
    audit::record(&mut batch, ctx, "assessment.renewed", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Ends an assessment for good: from now on the gate lets nothing rest on it.
///
/// # Errors
/// A conflict when it was ended before, or changed meanwhile.
pub async fn end(ctx: &Ctx, id: AssessmentId, version: i64) -> Result<Assessment> {
    if get(ctx, id).await?.state == State::Ended {
        return Err(Error::conflict("it was ended before"));
    }
    let mut batch = ctx.batch();
    batch.guard(queries::END, params![ctx.workspace, id, version, ctx.now()]);
    audit::record(&mut batch, ctx, "assessment.ended", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// An assessment, whatever its state.
///
/// # Errors
/// [`Error::NotFound`]; when the store fails.
pub async fn get(ctx: &Ctx, id: AssessmentId) -> Result<Assessment> {
    let row: Option<AssessmentRow> = ctx.db.opt(queries::ASSESSMENT, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("assessment"))?.read()
}

/// Every assessment, newest first.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn list(ctx: &Ctx) -> Result<Vec<Assessment>> {
    let rows: Vec<AssessmentRow> = ctx.db.all(queries::ASSESSMENTS, params![ctx.workspace]).await?;
    rows.into_iter().map(AssessmentRow::read).collect()
}

/// What an assessment said over time, newest first.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn versions(ctx: &Ctx, id: AssessmentId) -> Result<Vec<Version>> {
    let rows: Vec<VersionRow> = ctx.db.all(queries::VERSIONS, params![ctx.workspace, id]).await?;
    rows.into_iter().map(VersionRow::read).collect()
}

/// The assessment that `cited` names, when a new claim for this purpose may rest on it now. Whoever
/// records such claims (imports, statements of an operator) asks this first.
///
/// # Errors
/// [`Error::Invalid`] that says why not; when the store fails.
pub async fn require_live(ctx: &Ctx, cited: &str, purpose: &Purpose) -> Result<Assessment> {
    let wrong = |detail| Err(Error::Invalid { field: "assessment", detail });
    let Ok(id) = cited.trim().parse::<AssessmentId>() else {
        return wrong("not the id of an assessment; ids look like lia_… and are listed with the assessments");
    };
    let found = match get(ctx, id).await {
        Err(Error::NotFound(_)) => return wrong("there is no such assessment in this workspace"),
        other => other?,
    };
    match found.state {
        State::Draft => return wrong("this assessment is a draft; have it approved first"),
        State::Ended => return wrong("this assessment was ended"),
        State::Live if !found.is_live(ctx.now()) => {
            return wrong("this assessment does not hold now: it starts later, or has expired and needs renewal");
        }
        State::Live => {}
    }
    if found.text.purpose != *purpose {
        return wrong("this assessment weighs another purpose");
    }
    Ok(found)
}

fn written(draft: &Draft) -> Result<String> {
    serde_json::to_string(draft).map_err(|_| Error::Corrupt("assessment"))
}

/// The period, within what the pack allows.
fn bounds(period: Period, now: Timestamp) -> Result<(Timestamp, Timestamp)> {
    let start = period.start.unwrap_or(now);
    let latest = months_after(start, RulePack::current().assessment_months());
    let end = period.expires_at.unwrap_or(latest);
    if end > latest {
        return Err(Error::Invalid {
            field: "expires_at",
            detail: "an assessment holds for at most twelve months from its start",
        });
    }
    if end <= start || end <= now {
        return Err(Error::Invalid { field: "expires_at", detail: "the end lies before the start, or in the past" });
    }
    Ok((start, end))
}

/// Keeps what a version says; approved versions with reviewer and period.
fn keep(
    batch: &mut Batch,
    ctx: &Ctx,
    (id, version): (AssessmentId, i64),
    (draft, body): (&Draft, &str),
    held: Option<(Timestamp, Timestamp)>,
) {
    let actor = ctx.actor.to_string();
    let reviewer = held.map(|_| actor.clone());
    let (start, end) = held.unzip();
    let purpose = draft.purpose.as_str();
    let values = params![ctx.workspace, id, version, purpose, body, reviewer, start, end, actor, ctx.now()];
    batch.push(queries::INSERT_VERSION, values);
}

type RecordedRow = (AssessmentId, String, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);

/// The approved assessments of a workspace as the gate weighs claims against them: one read for a
/// whole chunk of messages.
#[derive(Debug, Default)]
pub(crate) struct Recorded(HashMap<AssessmentId, Lia>);

impl Recorded {
    pub(crate) async fn outside(ctx: &Ctx) -> Result<Self> {
        Self::read(ctx.db.all(queries::RECORDED, params![ctx.workspace]).await?)
    }

    pub(crate) fn inside(tx: &mut Tx<'_>, workspace: kernel::WorkspaceId) -> Result<Self> {
        Self::read(tx.all(queries::RECORDED, params![workspace])?)
    }

    fn read(rows: Vec<RecordedRow>) -> Result<Self> {
        let read = |(id, purpose, start, expires, ended): RecordedRow| {
            let purpose = Purpose::new(&purpose).map_err(|_| Error::Corrupt("assessment"))?;
            // One that was ended holds no longer than until then.
            let expires_at = match (expires, ended) {
                (Some(expires), Some(ended)) => Some(expires.min(ended)),
                (expires, ended) => expires.or(ended),
            };
            Ok((id, Lia { id: true, purpose: Some(purpose), start, expires_at }))
        };
        rows.into_iter().map(read).collect::<Result<_>>().map(Self)
    }

    /// What a claim that cites this id rests on. An id that names no approved assessment carries
    /// nothing, whatever the claim itself says about it.
    pub(crate) fn cited(&self, id: &str) -> Lia {
        id.trim().parse().ok().and_then(|id: AssessmentId| self.0.get(&id).cloned()).unwrap_or_default()
    }
}
