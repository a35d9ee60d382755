use store::ledger::{Hash, RecordHead};
use store::{Ctx, params};

use super::queries::{self, EventRow, RecordRow};
use super::verify::write_line;
use crate::{Error, Result};

const RECORDS_PER_READ: i64 = 500;
/// One record of an import carries thousands of events; a page stays near this many.
pub(crate) const EVENTS_PER_PAGE: i64 = 10_000;

/// Some consecutive records with their events.
pub(crate) struct Chunk {
    pub(crate) records: Vec<RecordRow>,
    pub(crate) events: Vec<EventRow>,
}

/// Reads records after `seq`, as many as fit a page.
pub(crate) async fn read(ctx: &Ctx, after: i64) -> Result<Chunk> {
    let mut records: Vec<RecordRow> =
        ctx.db.all(queries::RECORDS_AFTER, params![ctx.workspace, after, RECORDS_PER_READ]).await?;
    let mut total = 0i64;
    let fitting = records.iter().take_while(|record| {
        let before = total;
        total = total.saturating_add(record.events.max(0));
        before == 0 || total <= EVENTS_PER_PAGE
    });
    let keep = fitting.count();
    records.truncate(keep);
    let events = match records.last() {
        Some(last) => ctx.db.all(queries::EVENTS_BETWEEN, params![ctx.workspace, after, last.seq]).await?,
        None => Vec::new(),
    };
    Ok(Chunk { records, events })
}

pub(crate) fn head_of(ctx: &Ctx, row: &RecordRow) -> Result<(RecordHead, Hash)> {
    let hash = |bytes: &[u8]| -> Result<Hash> {
        bytes.try_into().map_err(|_| Error::LedgerBroken {
            seq: row.seq.unsigned_abs(),
            why: "a hash does not have 32 bytes".to_owned(),
        })
    };
    let head = RecordHead {
        workspace: ctx.workspace,
        seq: row.seq,
        at: row.at,
        prev_hash: hash(&row.prev_hash)?,
        root: hash(&row.root)?,
        events: row.events,
    };
    Ok((head, hash(&row.hash)?))
}

/// Some lines of an export and where to go on.
#[derive(Debug, Clone)]
pub struct ExportPage {
    /// One record per line, without line ends.
    pub lines: Vec<String>,
    /// Pass this as `after` for the next page; `None` at the end.
    pub next: Option<i64>,
}

/// The ledger as JSON lines, one page after another: one line per record with its events' headers,
/// hashes in hex. Start with `after` = 0.
///
/// # Errors
/// When the store fails, or a stored hash has not the length of one.
pub async fn export(ctx: &Ctx, after: i64) -> Result<ExportPage> {
    let chunk = read(ctx, after).await?;
    let mut events = chunk.events.iter().peekable();
    let mut lines = Vec::with_capacity(chunk.records.len());
    for record in &chunk.records {
        let mut bodies: Vec<&[u8]> = Vec::with_capacity(record.events.clamp(0, EVENTS_PER_PAGE) as usize);
        while let Some(event) = events.next_if(|event| event.seq <= record.seq) {
            bodies.push(&event.body);
        }
        let (head, hash) = head_of(ctx, record)?;
        lines.push(write_line(&head, &hash, &bodies));
    }
    Ok(ExportPage { lines, next: chunk.records.last().map(|record| record.seq) })
}
