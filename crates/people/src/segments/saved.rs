//! Saved segments: a name and a condition. Both rest sealed, since a condition may quote a person.

use kernel::{Page, PageRequest, Problem, SegmentId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, WorkspaceKeys, params};

use super::conditions::{LabelKey, Where};
use crate::{Error, Result};

store::migration!("people", 2, "segments", include_str!("../../migrations/0002_segments.sql"));
store::migration!("people", 12, "bin", include_str!("../../migrations/0012_bin.sql"));

store::sql! {
    INSERT_SEGMENT = "INSERT INTO segment (workspace, id, sealed, version, created_at, updated_at)
        VALUES ($1, $2, $3, 1, $4, $4)";
    UPDATE_SEGMENT = "UPDATE segment SET sealed = $3, version = version + 1, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND version = $5 AND deleted_at IS NULL";
    BIN_SEGMENT = "UPDATE segment SET deleted_at = $3 WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL";
    RESTORE_SEGMENT = "UPDATE segment SET deleted_at = NULL WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL";
    BINNED_SEGMENTS = "SELECT NULL, deleted_at, id FROM segment WHERE workspace = $1 AND deleted_at < $2 ORDER BY deleted_at LIMIT $3";
    END_SEGMENT = "DELETE FROM segment WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL";
    ERASE_SEGMENT = "DELETE FROM segment WHERE workspace = $1 AND id = $2";
    SEGMENT = "SELECT id, sealed, version, created_at, updated_at, deleted_at FROM segment WHERE workspace = $1 AND id = $2
        AND deleted_at IS NULL";
    SEGMENT_ANYWHERE = "SELECT id, sealed, version, created_at, updated_at, deleted_at FROM segment WHERE workspace = $1 AND id = $2";
    SEGMENTS_AFTER = "SELECT id, sealed, version, created_at, updated_at, deleted_at FROM segment
        WHERE workspace = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT $3";
    SEGMENTS_IN_BIN = "SELECT id, sealed, version, created_at, updated_at, deleted_at FROM segment
        WHERE workspace = $1 AND id > $2 AND deleted_at IS NOT NULL ORDER BY id LIMIT $3";
}

store::personal!(store::PersonalTable {
    table: "segment",
    class: "workspace.segments",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("conditions on many people, written by members of the workspace; they name no contact"),
    collect: None,
});

/// What binds the sealed part to its column.
const SEALED: &str = "segment.sealed";
/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// A saved segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// Who is in it.
    #[serde(rename = "where")]
    pub condition: Where,
    /// Counts changes.
    pub version: i64,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Since when it is in the bin.
    pub deleted_at: Option<Timestamp>,
}

// A segment that was deleted waits in the bin, so that a mistake can be undone.
store::retention!(store::RetentionRule {
    table: "segment",
    class: "workspace.bin",
    covers: &[],
    event: "the segment was deleted",
    due_by: store::DueBy::Instant,
    find: BINNED_SEGMENTS,
    end: &[END_SEGMENT],
    before: None,
    after: None,
});

store::row! {
    struct SegmentRow {
        id: SegmentId,
        sealed: Vec<u8>,
        version: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
        deleted_at: Option<Timestamp>,
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    name: String,
    #[serde(rename = "where")]
    condition: Where,
}

impl Content {
    fn new(name: &str, condition: &Where) -> Result<Self> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            let detail = format!("a segment's name has 1 to {MAX_NAME} characters on one line");
            return Err(Problem::field("name", detail).into());
        }
        Ok(Self { name: name.to_owned(), condition: condition.clone() })
    }

    fn seal(&self, keys: &WorkspaceKeys) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(|_| Error::Corrupt("segment"))?;
        Ok(keys.seal(SEALED, &plain))
    }
}

fn open(row: SegmentRow, keys: &WorkspaceKeys) -> Result<Segment> {
    let plain = keys.open(SEALED, &row.sealed)?;
    let Content { name, condition } = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("segment"))?;
    let SegmentRow { id, version, created_at, updated_at, deleted_at, .. } = row;
    Ok(Segment { id, name, condition, version, created_at, updated_at, deleted_at })
}

/// Saves a segment.
///
/// # Errors
/// `invalid_input` when the name is not one.
pub async fn create(ctx: &Ctx, name: &str, condition: &Where) -> Result<SegmentId> {
    let sealed = Content::new(name, condition)?.seal(&*ctx.keys().await?)?;
    let id: SegmentId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_SEGMENT, params![ctx.workspace, id, sealed, ctx.now()]);
    batch.feed(Feed { kind: "segment.created", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// Changes a segment from the version it was read at.
///
/// # Errors
/// `version_conflict` when somebody was faster or it is gone.
pub async fn update(ctx: &Ctx, id: SegmentId, version: i64, name: &str, condition: &Where) -> Result<()> {
    let sealed = Content::new(name, condition)?.seal(&*ctx.keys().await?)?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE_SEGMENT, params![ctx.workspace, id, sealed, ctx.now(), version]);
    batch.feed(Feed { kind: "segment.updated", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Puts a segment into the bin; nobody in it is touched.
///
/// # Errors
/// `not_found` when there is none.
pub async fn delete(ctx: &Ctx, id: SegmentId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(BIN_SEGMENT, params![ctx.workspace, id, ctx.now()]);
    batch.feed(Feed { kind: "segment.deleted", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("segment")),
        other => Ok(other.map(|_| ())?),
    }
}

/// Deletes a segment at once, past the bin; says whether there was one.
///
/// # Errors
/// When the store fails.
pub async fn erase(ctx: &Ctx, id: SegmentId) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.guard(ERASE_SEGMENT, params![ctx.workspace, id]);
    batch.feed(Feed { kind: "segment.deleted", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// Takes a segment out of the bin again.
///
/// # Errors
/// `not_found` for what is not in it.
pub async fn restore(ctx: &Ctx, id: SegmentId) -> Result<Segment> {
    let mut batch = ctx.batch();
    batch.guard(RESTORE_SEGMENT, params![ctx.workspace, id]);
    batch.feed(Feed { kind: "segment.restored", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("segment")),
        Err(error) => Err(error.into()),
        Ok(_) => get(ctx, id).await,
    }
}

/// One segment.
///
/// # Errors
/// `not_found` when there is none.
pub async fn get(ctx: &Ctx, id: SegmentId) -> Result<Segment> {
    let row: Option<SegmentRow> = ctx.db.get(SEGMENT, params![ctx.workspace, id]).await?;
    open(row.ok_or(Error::NotFound("segment"))?, &*ctx.keys().await?)
}

/// One segment, also one that waits in the bin: what is under way goes on as it began.
///
/// # Errors
/// The store's.
pub async fn anywhere(ctx: &Ctx, id: SegmentId) -> Result<Option<Segment>> {
    let row: Option<SegmentRow> = ctx.db.get(SEGMENT_ANYWHERE, params![ctx.workspace, id]).await?;
    match row {
        Some(row) => Ok(Some(open(row, &*ctx.keys().await?)?)),
        None => Ok(None),
    }
}

/// A page of segments, the oldest first.
///
/// # Errors
/// `invalid_input` when the cursor is not one.
pub async fn list(ctx: &Ctx, request: &PageRequest) -> Result<Page<Segment>> {
    page(ctx, request, SEGMENTS_AFTER).await
}

/// A page of the segments in the bin, the oldest first.
///
/// # Errors
/// `invalid_input` when the cursor is not one.
pub async fn list_bin(ctx: &Ctx, request: &PageRequest) -> Result<Page<Segment>> {
    page(ctx, request, SEGMENTS_IN_BIN).await
}

async fn page(ctx: &Ctx, request: &PageRequest, statement: store::Sql) -> Result<Page<Segment>> {
    let after = match &request.cursor {
        None => SegmentId([0; 16]),
        Some(cursor) => cursor.parse().map_err(|_| Problem::field("cursor", "use `next` of the page before"))?,
    };
    let limit = request.limit();
    let mut rows: Vec<SegmentRow> = ctx.db.all(statement, params![ctx.workspace, after, i64::from(limit) + 1]).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let keys = ctx.keys().await?;
    let items = rows.into_iter().map(|row| open(row, &keys)).collect::<Result<_>>()?;
    Ok(Page { items, next })
}

/// Rewrites, in the caller's batch, the segments that name one tag so that they name another; answers how many.
pub(crate) async fn rename_tag(
    batch: &mut store::Batch,
    ctx: &Ctx,
    from: &crate::tags::Tag,
    into: &crate::tags::Tag,
) -> Result<usize> {
    let names = [LabelKey::new(&from.name), LabelKey::new(&from.id.to_string())];
    let rows: Vec<SegmentRow> =
        ctx.db.all(SEGMENTS_AFTER, params![ctx.workspace, SegmentId([0; 16]), i64::MAX]).await?;
    let keys = ctx.keys().await?;
    let mut changed = 0;
    for row in rows {
        let segment = open(row, &keys)?;
        let renamed = segment.condition.with_tag(&names, &into.name);
        if renamed != segment.condition {
            let sealed = Content::new(&segment.name, &renamed)?.seal(&keys)?;
            batch.guard(UPDATE_SEGMENT, params![ctx.workspace, segment.id, sealed, ctx.now(), segment.version]);
            batch.feed(Feed { kind: "segment.updated", entity: segment.id.into(), data: json!({}) });
            changed += 1;
        }
    }
    Ok(changed)
}
