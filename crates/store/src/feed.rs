//! The change feed: what was committed, per workspace, in the order of commit.

use kernel::{RawId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Error, Result, Row, params, sql};

/// One entry of the feed.
#[derive(Debug, Clone)]
pub struct FeedRow {
    /// Its place; gap-free within the workspace.
    pub seq: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// To what.
    pub entity: RawId,
    /// Ids, counters and instants.
    pub data: serde_json::Value,
}

impl crate::FromRow for FeedRow {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            seq: row.take()?,
            at: row.take()?,
            kind: row.take()?,
            entity: row.take()?,
            data: serde_json::from_str(&row.take::<String>()?).map_err(|_| Error::Column("JSON"))?,
        })
    }
}

sql! {
    READ = "SELECT seq, at, kind, entity, data FROM feed WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    HEAD = "SELECT feed_seq FROM workspace_head WHERE workspace = $1";
    HEADS = "SELECT workspace, feed_seq FROM workspace_head";
    POSITION = "SELECT seq FROM feed_position WHERE workspace = $1 AND consumer = $2";
    SET_POSITION = "INSERT INTO feed_position (workspace, consumer, seq) VALUES ($1, $2, $3)
        ON CONFLICT (workspace, consumer) DO UPDATE SET seq = $3";
    FORGET = "DELETE FROM feed_position WHERE workspace = $1 AND consumer = $2";
    CONSUMERS = "SELECT workspace, consumer FROM feed_position ORDER BY workspace, consumer";
    TRIM = "DELETE FROM feed WHERE workspace = $1 AND seq <= $2 AND at < $3";
    /// Names that begin with `count/` are marks of other things than the feed.
    SLOWEST = "SELECT min(seq) FROM feed_position WHERE workspace = $1 AND consumer NOT LIKE 'count/%'";
}

/// Reads up to `limit` entries after `seq`.
///
/// # Errors
/// When the database fails.
pub async fn read_after(db: &Db, workspace: WorkspaceId, seq: i64, limit: u32) -> Result<Vec<FeedRow>> {
    db.all(READ, params![workspace, seq, limit]).await
}

/// The place of the newest entry; 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn head(db: &Db, workspace: WorkspaceId) -> Result<i64> {
    Ok(db.opt::<(i64,)>(HEAD, params![workspace]).await?.map_or(0, |row| row.0))
}

/// Every workspace with the place of its newest entry.
///
/// # Errors
/// When the database fails.
pub async fn heads(db: &Db) -> Result<Vec<(WorkspaceId, i64)>> {
    db.all(HEADS, Vec::new()).await
}

/// How far a named consumer has come; 0 when it never said.
///
/// # Errors
/// When the database fails.
pub async fn position(db: &Db, workspace: WorkspaceId, consumer: &str) -> Result<i64> {
    Ok(db.opt::<(i64,)>(POSITION, params![workspace, consumer]).await?.map_or(0, |row| row.0))
}

/// Says in the consumer's own batch how far it has come.
pub fn advance(batch: &mut Batch, consumer: &str, seq: i64) {
    batch.push(SET_POSITION, params![batch.workspace(), consumer, seq]);
}

/// Forgets a consumer that reads no more: it never keeps the feed from being trimmed.
pub fn forget(batch: &mut Batch, consumer: &str) {
    batch.push(FORGET, params![batch.workspace(), consumer]);
}

/// Every consumer whose name begins so, with its workspace.
///
/// # Errors
/// When the database fails.
pub async fn consumers(db: &Db, beginning: &str) -> Result<Vec<(WorkspaceId, String)>> {
    let mut all: Vec<(WorkspaceId, String)> = db.all(CONSUMERS, Vec::new()).await?;
    all.retain(|(_, consumer)| consumer.starts_with(beginning));
    Ok(all)
}

/// Deletes entries older than `before` that every known consumer has passed.
///
/// # Errors
/// When the database fails.
pub async fn trim(db: &Db, workspace: WorkspaceId, before: Timestamp) -> Result<()> {
    let slowest: (Option<i64>,) = db.one(SLOWEST, params![workspace]).await?;
    let Some(seq) = slowest.0 else { return Ok(()) };
    db.tx(move |tx| tx.exec(TRIM, params![workspace, seq, before]).map(|_| ())).await
}
