use kernel::{EventId, ProcessorId, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, Feed, params};

use super::NOTICE_DAYS;
use super::model::{Details, lacks, remarks};
use crate::announcements::{self, Audience, Letter};
use crate::{Error, Result, entry};

/// The most entries of one workspace's register.
const MOST: usize = 2_000;

store::sql! {
    INSERT_PROCESSOR = "INSERT INTO processor
        (workspace, id, natural_key, enabled, effective_at, ends_at, document, pending, pending_at, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, NULL, NULL, $5, NULL, NULL, 1, $6, $6)";
    UPDATE_PROCESSOR = "UPDATE processor SET natural_key = $3, enabled = $4, effective_at = $5, ends_at = $6, document = $7,
        pending = $8, pending_at = $9, version = version + 1, updated_at = $10
        WHERE workspace = $1 AND id = $2 AND version = $11";
    DELETE_PROCESSOR = "DELETE FROM processor WHERE workspace = $1 AND id = $2 AND enabled = $3";
    PROCESSOR = "SELECT id, enabled, effective_at, ends_at, document, pending, pending_at, version, created_at, updated_at
        FROM processor WHERE workspace = $1 AND id = $2";
    PROCESSORS = "SELECT id, enabled, effective_at, ends_at, document, pending, pending_at, version, created_at, updated_at
        FROM processor WHERE workspace = $1 ORDER BY id LIMIT $2";
    INSERT_CHANGE = "INSERT INTO processor_change
        (workspace, id, processor, kind, detail, announced_at, effective_at, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CHANGES = "SELECT id, processor, kind, detail, announced_at, effective_at FROM processor_change
        WHERE workspace = $1 ORDER BY id DESC LIMIT $2";
}

store::row! {
    struct Row {
        id: ProcessorId,
        enabled: bool,
        effective_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
        document: String,
        pending: Option<String>,
        pending_at: Option<Timestamp>,
        version: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// A recipient in the register.
#[derive(Debug, Clone, Serialize)]
pub struct Processor {
    /// Its id.
    pub id: ProcessorId,
    /// What is known of it now.
    #[serde(flatten)]
    pub details: Details,
    /// `draft`, `announced`, `active`, `ending` or `ended`.
    pub state: &'static str,
    /// Receives data from then on.
    pub effective_at: Option<Timestamp>,
    /// Receives nothing from then on.
    pub ends_at: Option<Timestamp>,
    /// What will be true from `pending_at` on.
    pub pending: Option<Details>,
    /// When the announced change takes effect.
    pub pending_at: Option<Timestamp>,
    /// What is missing before it can be enabled.
    pub lacks: Vec<&'static str>,
    /// What deserves another look.
    pub remarks: Vec<&'static str>,
    /// Counts changes.
    pub version: i64,
    /// Since when it is in the register.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
}

/// One published change.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Its id.
    pub id: EventId,
    /// Of which recipient.
    pub processor: ProcessorId,
    /// `added`, `changed` or `ended`.
    pub kind: String,
    /// The name then, the fields that changed, why it was announced late.
    pub detail: Json,
    /// When it was published.
    pub announced_at: Timestamp,
    /// When it takes effect.
    pub effective_at: Timestamp,
}

impl Row {
    fn open(self, now: Timestamp) -> Result<Processor> {
        let mut details: Details = entry::read(&self.document)?;
        let mut pending: Option<Details> = self.pending.as_deref().map(entry::read).transpose()?;
        let mut pending_at = self.pending_at;
        // What was announced becomes true when its day comes, whether or not anybody looks.
        if pending_at.is_some_and(|at| at <= now)
            && let Some(later) = pending.take()
        {
            (details, pending_at) = (later, None);
        }
        let state = match (self.enabled, self.effective_at, self.ends_at) {
            (false, ..) => "draft",
            (_, _, Some(end)) if end <= now => "ended",
            (_, Some(from), _) if from > now => "announced",
            (_, _, Some(_)) => "ending",
            _ => "active",
        };
        Ok(Processor {
            id: self.id,
            lacks: lacks(&details),
            remarks: remarks(&details),
            details,
            state,
            effective_at: self.effective_at,
            ends_at: self.ends_at,
            pending,
            pending_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl Processor {
    /// Whether data may go to it at present.
    pub fn receives(&self) -> bool {
        matches!(self.state, "active" | "ending")
    }

    fn save(&self, batch: &mut Batch, ctx: &Ctx) -> Result<()> {
        let pending = self.pending.as_ref().map(entry::json).transpose()?;
        batch.guard(
            UPDATE_PROCESSOR,
            params![
                ctx.workspace,
                self.id,
                self.details.natural_key(),
                self.state != "draft",
                self.effective_at,
                self.ends_at,
                entry::json(&self.details)?,
                pending,
                self.pending_at,
                ctx.now(),
                self.version
            ],
        );
        Ok(())
    }
}

/// When a recipient, or a change of it, takes effect.
#[derive(Debug, Clone, Default)]
pub struct Enable {
    /// From then on; [`NOTICE_DAYS`] from now when absent.
    pub effective_at: Option<Timestamp>,
    /// Why people are told later than [`NOTICE_DAYS`] ahead; needed when they are.
    pub short_notice: Option<String>,
}

impl Enable {
    /// The instant, and the reason when it comes sooner than the rule.
    fn settle(self, now: Timestamp) -> Result<(Timestamp, Option<String>)> {
        let usual = now.plus_seconds(NOTICE_DAYS * 86_400);
        let at = self.effective_at.unwrap_or(usual);
        let reason = self.short_notice.as_deref().map(|text| entry::line("short_notice", text)).transpose()?;
        let reason = reason.filter(|text| !text.is_empty());
        if at < usual && reason.is_none() {
            return Err(entry::wrong(
                "short_notice",
                "this takes effect sooner than 30 days from now: say why, it is kept with the change",
            ));
        }
        Ok((at, reason))
    }
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Unique(_) => entry::conflict("this name with this service is in the register already"),
        other => other.into(),
    }
}

fn feed(batch: &mut Batch, id: ProcessorId, kind: &'static str, at: Timestamp) {
    batch.feed(Feed { kind, entity: id.into(), data: json!({ "effective_at": at }) });
}

/// Notes a change and tells the members of it.
async fn announce(
    batch: &mut Batch,
    ctx: &Ctx,
    processor: &Processor,
    (kind, fields, reason): (&'static str, &[String], Option<String>),
    at: Timestamp,
) -> Result<()> {
    let detail = json!({ "name": processor.details.name, "service": processor.details.service, "fields": fields,
        "short_notice": reason });
    let id: EventId = ctx.id();
    batch.push(
        INSERT_CHANGE,
        params![ctx.workspace, id, processor.id, kind, detail.to_string(), ctx.now(), at, ctx.actor.to_string()],
    );
    feed(batch, processor.id, "processor.announced", at);
    let day = at.date().to_string();
    let values = [("name", processor.details.name.as_str()), ("service", &processor.details.service), ("day", &day)];
    let kind = format!("processor_{kind}");
    let letter = Letter::written(&kind, &values)?.at(format!("/privacy/{}/subprocessors", ctx.workspace));
    announcements::announce(batch, ctx, (&kind, Audience::Members), processor.id.into(), &letter).await?;
    Ok(())
}

/// Adds a draft; nothing is public and nothing may be sent to it yet.
///
/// # Errors
/// The field at fault; 409 when name and service are in the register already.
pub async fn create(ctx: &Ctx, details: Details) -> Result<Processor> {
    let details = details.checked()?;
    if list(ctx).await?.len() >= MOST {
        return Err(entry::conflict("a register has at most 2000 entries"));
    }
    let id: ProcessorId = ctx.id();
    let mut batch = ctx.batch();
    push(&mut batch, ctx, id, &details)?;
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

pub(super) fn push(batch: &mut Batch, ctx: &Ctx, id: ProcessorId, details: &Details) -> Result<()> {
    let values = params![ctx.workspace, id, details.natural_key(), false, entry::json(details)?, ctx.now()];
    batch.push(INSERT_PROCESSOR, values);
    feed(batch, id, "processor.created", ctx.now());
    accounts::audit::record(batch, ctx, "processor.created", &[&id]);
    Ok(())
}

/// Changes an entry: a draft at once, an enabled one with notice ahead.
///
/// # Errors
/// The field at fault; 409 when an enabled entry would become incomplete; a version conflict.
pub async fn update(ctx: &Ctx, id: ProcessorId, version: i64, details: Details, when: Enable) -> Result<Processor> {
    let details = details.checked()?;
    let mut processor = get(ctx, id).await?;
    if processor.state == "ended" {
        return Err(entry::conflict("this recipient has ended; add it anew"));
    }
    processor.version = version;
    let mut batch = ctx.batch();
    if processor.state == "draft" {
        processor.details = details;
    } else {
        let missing = lacks(&details);
        if !missing.is_empty() {
            return Err(entry::incomplete("the changed entry", &missing));
        }
        let fields = differences(&processor.details, &details)?;
        if fields.is_empty() {
            return Ok(processor);
        }
        let (at, reason) = when.settle(ctx.now())?;
        if at <= ctx.now() {
            processor.details = details;
            (processor.pending, processor.pending_at) = (None, None);
        } else {
            (processor.pending, processor.pending_at) = (Some(details), Some(at));
        }
        announce(&mut batch, ctx, &processor, ("changed", &fields, reason), at).await?;
    }
    processor.save(&mut batch, ctx)?;
    accounts::audit::record(&mut batch, ctx, "processor.updated", &[&id]);
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

/// Which fields are different.
fn differences(before: &Details, after: &Details) -> Result<Vec<String>> {
    let (Json::Object(before), Json::Object(after)) = (
        serde_json::to_value(before).map_err(|_| Error::Corrupt("processor"))?,
        serde_json::to_value(after).map_err(|_| Error::Corrupt("processor"))?,
    ) else {
        return Ok(Vec::new());
    };
    Ok(after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name).collect())
}

/// Puts a complete entry into use, announced ahead.
///
/// # Errors
/// 409 naming what is missing; 409 when it is enabled already.
pub async fn enable(ctx: &Ctx, id: ProcessorId, when: Enable) -> Result<Processor> {
    let mut processor = get(ctx, id).await?;
    if processor.state != "draft" {
        return Err(entry::conflict("this recipient is enabled already"));
    }
    if !processor.lacks.is_empty() {
        return Err(entry::incomplete("this recipient", &processor.lacks));
    }
    let (at, reason) = when.settle(ctx.now())?;
    (processor.state, processor.effective_at) = ("announced", Some(at));
    let mut batch = ctx.batch();
    processor.save(&mut batch, ctx)?;
    announce(&mut batch, ctx, &processor, ("added", &[], reason), at).await?;
    accounts::audit::record(&mut batch, ctx, "processor.enabled", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Ends a recipient at `at`; the entry stays in the register.
///
/// # Errors
/// 409 when it is not enabled, or ended already.
pub async fn end(ctx: &Ctx, id: ProcessorId, at: Option<Timestamp>) -> Result<Processor> {
    let mut processor = get(ctx, id).await?;
    if matches!(processor.state, "draft" | "ended") {
        return Err(entry::conflict("only a recipient in use can end"));
    }
    let at = at.unwrap_or_else(|| ctx.now()).max(ctx.now());
    processor.ends_at = Some(at);
    let mut batch = ctx.batch();
    processor.save(&mut batch, ctx)?;
    announce(&mut batch, ctx, &processor, ("ended", &[], None), at).await?;
    accounts::audit::record(&mut batch, ctx, "processor.ended", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Deletes a draft. What was ever enabled stays: people were told of it.
///
/// # Errors
/// 409 for anything but a draft.
pub async fn remove(ctx: &Ctx, id: ProcessorId) -> Result<()> {
    if get(ctx, id).await?.state != "draft" {
        return Err(entry::conflict("only a draft can be deleted; end a recipient that was in use"));
    }
    let mut batch = ctx.batch();
    batch.guard(DELETE_PROCESSOR, params![ctx.workspace, id, false]);
    accounts::audit::record(&mut batch, ctx, "processor.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One entry as it is now.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: ProcessorId) -> Result<Processor> {
    let row: Option<Row> = ctx.db.opt(PROCESSOR, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("processor"))?.open(ctx.now())
}

/// The whole register, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Processor>> {
    let rows: Vec<Row> = ctx.db.all(PROCESSORS, params![ctx.workspace, MOST]).await?;
    rows.into_iter().map(|row| row.open(ctx.now())).collect()
}

/// Published changes, newest first.
///
/// # Errors
/// When the store fails.
pub async fn history(ctx: &Ctx, limit: u32) -> Result<Vec<Change>> {
    type Row = (EventId, ProcessorId, String, String, Timestamp, Timestamp);
    let rows: Vec<Row> = ctx.db.all(CHANGES, params![ctx.workspace, limit]).await?;
    rows.into_iter()
        .map(|(id, processor, kind, detail, announced_at, effective_at)| {
            Ok(Change { id, processor, kind, detail: entry::read(&detail)?, announced_at, effective_at })
        })
        .collect()
}
