use kernel::{EventId, IncidentId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use super::clocks::{Clock, ClockKind, Hours, clocks};
use super::model::{Audience, Details, Kind};
use super::notices;
use crate::{Error, Result, controller, entry};

const DETAIL: &str = "incident.detail";
const CONTENT: &str = "incident_entry.content";

store::sql! {
    INSERT_INCIDENT = "INSERT INTO incident
        (workspace, id, kind, discovered_at, recorded_at, assessed_at, closed_at, detail, version, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, 1, $5)";
    UPDATE_INCIDENT = "UPDATE incident SET kind = $3, discovered_at = $4, assessed_at = $5, closed_at = $6, detail = $7,
        version = version + 1, updated_at = $8 WHERE workspace = $1 AND id = $2 AND version = $9";
    INCIDENT = "SELECT id, kind, discovered_at, recorded_at, assessed_at, closed_at, detail, version, updated_at
        FROM incident WHERE workspace = $1 AND id = $2";
    INCIDENTS = "SELECT id, kind, discovered_at, recorded_at, assessed_at, closed_at, detail, version, updated_at
        FROM incident WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    INSERT_ENTRY = "INSERT INTO incident_entry (workspace, incident, id, at, kind, actor, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ENTRIES = "SELECT id, at, kind, actor, content FROM incident_entry WHERE workspace = $1 AND incident = $2 ORDER BY id LIMIT 5000";
}

store::row! {
    struct Row {
        id: IncidentId,
        kind: String,
        discovered_at: Timestamp,
        recorded_at: Timestamp,
        assessed_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        detail: Vec<u8>,
        version: i64,
        updated_at: Timestamp,
    }
}

/// An incident as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// What happened.
    pub kind: Kind,
    /// `open` or `closed`.
    pub state: &'static str,
    /// When somebody here became aware of it; the clocks start then.
    pub discovered_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// When it was assessed.
    pub assessed_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What is known.
    #[serde(flatten)]
    pub details: Details,
    /// The clocks, the one that ends first first.
    pub clocks: Vec<Clock>,
    /// Counts changes.
    pub version: i64,
    /// Changed last.
    pub updated_at: Timestamp,
}

/// An entry of an incident's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// `recorded`, `note`, `changed`, `notice`, `waived`, `alarm` or `closed`.
    pub kind: String,
    /// Who wrote it.
    pub actor: String,
    /// What happened.
    pub text: String,
}

async fn open(ctx: &Ctx, row: Row) -> Result<Incident> {
    let details: Details = entry::open(ctx.keys().await?.as_ref(), DETAIL, &row.detail)?;
    let own = controller::get(ctx).await?.incident_hours.unwrap_or(controller::OWN_INCIDENT_HOURS);
    let settled = notices::first_settled(ctx, row.id).await?;
    let first = |audience: Audience| settled.iter().filter(|(to, _)| *to == audience).map(|(_, at)| *at).min();
    let stopped = |kind| match kind {
        ClockKind::Own => row.assessed_at,
        ClockKind::Customers => first(Audience::Customers),
        ClockKind::Authority => first(Audience::Authority),
    };
    Ok(Incident {
        id: row.id,
        kind: row.kind.parse().map_err(|_| Error::Corrupt("incident"))?,
        state: if row.closed_at.is_some() { "closed" } else { "open" },
        discovered_at: row.discovered_at,
        recorded_at: row.recorded_at,
        assessed_at: row.assessed_at,
        closed_at: row.closed_at,
        clocks: clocks(row.discovered_at, Hours::with_own(own), stopped, ctx.now()),
        details,
        version: row.version,
        updated_at: row.updated_at,
    })
}

/// Adds an entry to the timeline in the caller's batch.
pub(super) async fn push_entry(
    batch: &mut Batch,
    ctx: &Ctx,
    incident: IncidentId,
    (kind, at): (&'static str, Timestamp),
    text: &str,
) -> Result<()> {
    let content = entry::seal(ctx.keys().await?.as_ref(), CONTENT, &text)?;
    let id: EventId = ctx.id();
    batch.push(INSERT_ENTRY, params![ctx.workspace, incident, id, at, kind, ctx.actor.to_string(), content]);
    Ok(())
}

/// Records an incident; its clocks started when it was discovered.
///
/// # Errors
/// The field at fault: a discovery in the future, an empty title.
pub async fn create(ctx: &Ctx, kind: Kind, discovered_at: Option<Timestamp>, details: Details) -> Result<Incident> {
    let details = details.checked()?;
    let discovered_at = discovered_at.unwrap_or_else(|| ctx.now());
    if discovered_at > ctx.now() {
        return Err(entry::wrong("discovered_at", "an incident cannot be discovered in the future"));
    }
    let id: IncidentId = ctx.id();
    let assessed_at = details.risk.as_ref().map(|_| ctx.now());
    let sealed = entry::seal(ctx.keys().await?.as_ref(), DETAIL, &details)?;
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, kind.as_str(), discovered_at, ctx.now(), assessed_at, sealed];
    batch.push(INSERT_INCIDENT, values);
    push_entry(&mut batch, ctx, id, ("recorded", ctx.now()), &details.title).await?;
    batch.feed(Feed { kind: "incident.recorded", entity: id.into(), data: json!({ "kind": kind }) });
    accounts::audit::record(&mut batch, ctx, "incident.recorded", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes what is known; the assessment stops the workspace's own clock.
///
/// # Errors
/// The field at fault; 409 when it is closed; a version conflict.
pub async fn update(ctx: &Ctx, id: IncidentId, version: i64, kind: Kind, details: Details) -> Result<Incident> {
    let details = details.checked()?;
    let before = get(ctx, id).await?;
    if before.closed_at.is_some() {
        return Err(entry::conflict("this incident is closed"));
    }
    let assessed_at = before.assessed_at.or_else(|| details.risk.as_ref().map(|_| ctx.now()));
    let mut batch = ctx.batch();
    save(&mut batch, ctx, &before, (version, kind, assessed_at, None), &details).await?;
    push_entry(&mut batch, ctx, id, ("changed", ctx.now()), &changed(&before.details, &details)).await?;
    accounts::audit::record(&mut batch, ctx, "incident.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

type Saved = (i64, Kind, Option<Timestamp>, Option<Timestamp>);

async fn save(
    batch: &mut Batch,
    ctx: &Ctx,
    before: &Incident,
    (version, kind, assessed_at, closed_at): Saved,
    details: &Details,
) -> Result<()> {
    let sealed = entry::seal(ctx.keys().await?.as_ref(), DETAIL, details)?;
    batch.guard(
        UPDATE_INCIDENT,
        params![
            ctx.workspace,
            before.id,
            kind.as_str(),
            before.discovered_at,
            assessed_at,
            closed_at,
            sealed,
            ctx.now(),
            version
        ],
    );
    Ok(())
}

/// The names of the members that are different, for the timeline.
fn changed(before: &Details, after: &Details) -> String {
    let (before, after) = (json!(before), json!(after));
    let members = after.as_object().into_iter().flatten();
    members
        .filter(|(name, value)| before.get(*name) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Writes something into the timeline, which may have happened earlier.
///
/// # Errors
/// The field at fault; [`Error::NotFound`].
pub async fn note(ctx: &Ctx, id: IncidentId, at: Option<Timestamp>, text: &str) -> Result<Vec<Entry>> {
    get(ctx, id).await?;
    let text = entry::text("text", text)?;
    if text.is_empty() {
        return Err(entry::wrong("text", "this is needed"));
    }
    let mut batch = ctx.batch();
    push_entry(&mut batch, ctx, id, ("note", at.unwrap_or_else(|| ctx.now()).min(ctx.now())), &text).await?;
    ctx.db.apply(batch).await?;
    timeline(ctx, id).await
}

/// Closes an incident with its report.
///
/// # Errors
/// 409 while it is not assessed, or while a clock waits that was neither answered nor waived.
pub async fn close(ctx: &Ctx, id: IncidentId, report: &str) -> Result<Incident> {
    let before = get(ctx, id).await?;
    if before.closed_at.is_some() {
        return Err(entry::conflict("this incident is closed already"));
    }
    let mut details = before.details.clone();
    details.report = entry::text("report", report)?;
    let mut lacks = Vec::new();
    if details.report.is_empty() {
        lacks.push("report");
    }
    if details.risk.is_none() {
        lacks.push("risk");
    }
    for clock in before.clocks.iter().filter(|clock| clock.stopped_at.is_none()) {
        match clock.clock {
            ClockKind::Own => {}
            ClockKind::Customers => lacks.push("notice to customers, or why none is needed"),
            ClockKind::Authority => lacks.push("notice to the authority, or why none is needed"),
        }
    }
    if !lacks.is_empty() {
        return Err(entry::incomplete("the closing", &lacks));
    }
    let mut batch = ctx.batch();
    let state = (before.version, before.kind, before.assessed_at, Some(ctx.now()));
    save(&mut batch, ctx, &before, state, &details).await?;
    push_entry(&mut batch, ctx, id, ("closed", ctx.now()), &details.report).await?;
    batch.feed(Feed { kind: "incident.closed", entity: id.into(), data: json!({}) });
    accounts::audit::record(&mut batch, ctx, "incident.closed", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// One incident.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: IncidentId) -> Result<Incident> {
    let row: Option<Row> = ctx.db.opt(INCIDENT, params![ctx.workspace, id]).await?;
    open(ctx, row.ok_or(Error::NotFound("incident"))?).await
}

/// Incidents, newest first, older than `before` when given.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, before: Option<IncidentId>, limit: u32) -> Result<Vec<Incident>> {
    let before = before.unwrap_or(IncidentId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(INCIDENTS, params![ctx.workspace, before, limit]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(open(ctx, row).await?);
    }
    Ok(out)
}

/// The timeline, in the order it was written.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn timeline(ctx: &Ctx, id: IncidentId) -> Result<Vec<Entry>> {
    get(ctx, id).await?;
    let rows: Vec<(EventId, Timestamp, String, String, Vec<u8>)> =
        ctx.db.all(ENTRIES, params![ctx.workspace, id]).await?;
    let keys = ctx.keys().await?;
    rows.into_iter()
        .map(|(id, at, kind, actor, content)| {
            Ok(Entry { id, at, kind, actor, text: entry::open(&keys, CONTENT, &content)? })
        })
        .collect()
}
