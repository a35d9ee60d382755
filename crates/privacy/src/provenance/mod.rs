//! Where values came from. One record is shared by all contacts of an import; its words (which
//! list, which vendor, which page) rest sealed under the workspace's key, because they may name
//! people.

mod page;

pub use page::{Page, sha256_hex, web_address};

use kernel::{Date, ProvenanceId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Ctx, WorkspaceKeys, params};

use crate::vocabulary::vocabulary;
use crate::{Error, Result};

/// The longest source text, in bytes.
pub const LONGEST: usize = 4096;
const COLUMN: &str = "provenance.sealed";

store::sql! {
    INSERT_PROVENANCE = "INSERT INTO provenance (workspace, id, method, collected_on, actor, parent, sealed, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ORIGIN = "SELECT id, method, collected_on, created_at FROM provenance WHERE workspace = $1 AND id = $2";
    PROVENANCE_IDS = "SELECT id, parent FROM provenance WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
    DELETE_PROVENANCE = "DELETE FROM provenance WHERE workspace = $1 AND id = $2";
    PROVENANCE = "SELECT id, method, collected_on, actor, parent, sealed, created_at FROM provenance
        WHERE workspace = $1 AND id = $2";
}

vocabulary! {
    /// How a value was obtained.
    Method as "provenance method" {
        /// The person told a member of staff.
        Given = "given",
        /// The person filled in a form.
        Form = "form",
        /// A file the workspace imported.
        Import = "import",
        /// A bought list.
        Purchased = "purchased",
        /// A public register or page.
        PublicSource = "public_source",
        /// Guessed from a pattern, such as first.last@company.
        InferredPattern = "inferred_pattern",
        /// Confirmed by a checking tool.
        VerifiedByTool = "verified_by_tool",
        /// An enrichment provider.
        Enrichment = "enrichment",
        /// A program with an API key.
        Api = "api",
        /// A live chat.
        Chat = "chat",
        /// A booking.
        Booking = "booking",
    }
}

/// A source to record.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// How it was obtained.
    pub method: Method,
    /// The source in words: which list, page, vendor, event. At most [`LONGEST`] bytes.
    pub source: String,
    /// When the values were collected, if known.
    pub collected_on: Option<Date>,
    /// The source this one was derived from.
    pub parent: Option<ProvenanceId>,
    /// Licence, vendor's contract, address of the page and the like.
    pub detail: serde_json::Value,
}

/// A source as read back.
#[derive(Debug, Clone, Serialize)]
pub struct Recorded {
    /// Its id.
    pub id: ProvenanceId,
    /// How.
    pub method: Method,
    /// In words.
    pub source: String,
    /// When the values were collected.
    pub collected_on: Option<Date>,
    /// Who recorded it.
    pub actor: String,
    /// Derived from.
    pub parent: Option<ProvenanceId>,
    /// Further details.
    pub detail: serde_json::Value,
    /// When it was recorded.
    pub created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Words {
    source: String,
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    detail: serde_json::Value,
}

/// Records a source in the caller's batch and names it.
///
/// # Errors
/// [`Error::Invalid`] when the source is empty or too long.
pub fn record(batch: &mut Batch, ctx: &Ctx, keys: &WorkspaceKeys, provenance: Provenance) -> Result<ProvenanceId> {
    let id = ctx.id();
    record_as(batch, ctx, keys, id, provenance)?;
    Ok(id)
}

/// [`record`] under an id that was given out before.
///
/// # Errors
/// As [`record`].
pub fn record_as(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    id: ProvenanceId,
    provenance: Provenance,
) -> Result<()> {
    if provenance.source.trim().is_empty() {
        return Err(Error::Invalid { field: "source", detail: "say where the data come from" });
    }
    if provenance.source.len() > LONGEST {
        return Err(Error::Invalid { field: "source", detail: "at most 4096 bytes" });
    }
    let words = Words { source: provenance.source, detail: provenance.detail };
    let plain = serde_json::to_vec(&words).map_err(|_| Error::Corrupt("provenance"))?;
    let collected_on = provenance.collected_on.map(day_number);
    batch.push(
        INSERT_PROVENANCE,
        params![
            ctx.workspace,
            id,
            provenance.method.as_str(),
            collected_on,
            ctx.actor.to_string(),
            provenance.parent,
            keys.seal(COLUMN, &plain),
            ctx.now()
        ],
    );
    Ok(())
}

fn day_number(date: Date) -> i64 {
    let instant = date.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| Timestamp::from(zoned.timestamp()));
    instant.map_or(0, |at| i64::from(at.day()))
}

type StoredRow = (ProvenanceId, String, Option<i64>, String, Option<ProvenanceId>, Vec<u8>, Timestamp);

fn read_back(keys: &WorkspaceKeys, row: StoredRow) -> Result<Recorded> {
    let (id, method, day, actor, parent, sealed, created_at) = row;
    let words: Words =
        serde_json::from_slice(&keys.open(COLUMN, &sealed)?).map_err(|_| Error::Corrupt("provenance"))?;
    let collected_on =
        day.map(|day| Timestamp(day.saturating_mul(Timestamp::DAY)).to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date());
    Ok(Recorded {
        id,
        method: method.parse().map_err(|_| Error::Corrupt("provenance method"))?,
        source: words.source,
        collected_on,
        actor,
        parent,
        detail: words.detail,
        created_at,
    })
}

/// Reads sources by their ids; unknown ids are left out.
///
/// # Errors
/// When the store fails or a record is damaged.
pub async fn get_many(ctx: &Ctx, ids: &[ProvenanceId]) -> Result<Vec<Recorded>> {
    let keys = ctx.keys().await?;
    let sets = ids.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<StoredRow>> = ctx.db.many(PROVENANCE, sets).await?;
    rows.into_iter().flatten().map(|row| read_back(&keys, row)).collect()
}

/// Reads one source.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: ProvenanceId) -> Result<Recorded> {
    get_many(ctx, &[id]).await?.pop().ok_or(Error::NotFound("source"))
}

/// Where and when data were collected, without the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collected {
    /// The source.
    pub id: ProvenanceId,
    /// How.
    pub method: Method,
    /// The day of collection when it is known (its first instant, UTC), else when it was recorded.
    pub collected: Timestamp,
}

/// Reads how and when data of these sources were collected; unknown ids are left out.
///
/// # Errors
/// When the store fails or a record is damaged.
pub async fn origins(ctx: &Ctx, ids: &[ProvenanceId]) -> Result<Vec<Collected>> {
    let sets = ids.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<(ProvenanceId, String, Option<i64>, Timestamp)>> = ctx.db.many(ORIGIN, sets).await?;
    rows.into_iter()
        .flatten()
        .map(|(id, method, day, created)| {
            let method = method.parse().map_err(|_| Error::Corrupt("provenance method"))?;
            let collected = day.map_or(created, |day| Timestamp(day.saturating_mul(Timestamp::DAY)));
            Ok(Collected { id, method, collected })
        })
        .collect()
}

/// Every source's id, without the ones that others were derived from.
///
/// # Errors
/// When the store fails.
pub async fn all_ids(ctx: &Ctx) -> Result<Vec<ProvenanceId>> {
    const PAGE: usize = 10_000;
    let (mut out, mut parents, mut after) = (Vec::new(), std::collections::HashSet::new(), ProvenanceId([0; 16]));
    loop {
        let rows: Vec<(ProvenanceId, Option<ProvenanceId>)> =
            ctx.db.all(PROVENANCE_IDS, params![ctx.workspace, after, PAGE]).await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (id, parent) in rows {
            parents.extend(parent);
            out.push(id);
        }
    }
    out.retain(|id| !parents.contains(id));
    Ok(out)
}

/// Deletes sources to which nothing refers any more.
///
/// # Errors
/// When the store fails.
pub async fn forget(ctx: &Ctx, ids: &[ProvenanceId]) -> Result<()> {
    for chunk in ids.chunks(1000) {
        let mut batch = ctx.batch();
        for id in chunk {
            batch.push(DELETE_PROVENANCE, params![ctx.workspace, *id]);
        }
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

store::personal!(store::PersonalTable {
    table: "provenance",
    class: "workspace.sources",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("shared by everybody of a source; contacts refer to it, it refers to none of them"),
    collect: None,
});
