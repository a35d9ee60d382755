//! Which personal fields anything still reads, as one mark per field and kind of reader with the last
//! day. Marks are written once per message to many, segment, export or form, never per recipient.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use store::{Ctx, params};

use crate::Result;

store::sql! {
    MARKS = "SELECT field, reader, day FROM field_read WHERE workspace = $1";
    MARK = "INSERT INTO field_read (workspace, field, reader, day) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, field, reader) DO UPDATE SET day = $4";
    FORGET = "DELETE FROM field_read WHERE workspace = $1 AND field = $2";
}

/// The row that says since when reads are marked.
const SINCE: &str = "";

/// What reads fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The content or the reason of a message.
    Message,
    /// A segment's condition.
    Segment,
    /// An export.
    Export,
    /// A sign-up form.
    Form,
    /// An answer to a person about their data.
    Answer,
}

impl Reader {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Segment => "segment",
            Self::Export => "export",
            Self::Form => "form",
            Self::Answer => "answer",
        }
    }
}

/// The marks of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    days: BTreeMap<String, BTreeMap<String, i32>>,
}

impl Marks {
    /// The last day on which anything read the field, and what it was.
    pub fn last(&self, field: &str) -> Option<(i32, &str)> {
        let readers = self.days.get(field)?;
        readers.iter().max_by_key(|(_, day)| **day).map(|(reader, day)| (*day, reader.as_str()))
    }

    /// The day since which reads are marked.
    pub fn since(&self) -> Option<i32> {
        self.days.get(SINCE)?.values().min().copied()
    }
}

/// Reads the marks.
///
/// # Errors
/// When the store fails.
pub async fn marks(ctx: &Ctx) -> Result<Marks> {
    let rows: Vec<(String, String, i32)> = ctx.db.all(MARKS, params![ctx.workspace]).await?;
    let mut marks = Marks::default();
    for (field, reader, day) in rows {
        marks.days.entry(field).or_default().insert(reader, day);
    }
    Ok(marks)
}

/// Marks fields as read today. Writes only what is not marked yet, so most calls write nothing. A mark that
/// cannot be written is left out.
///
/// # Errors
/// When the marks cannot be read.
pub async fn mark(ctx: &Ctx, reader: Reader, fields: &[String]) -> Result<()> {
    let (known, today) = (marks(ctx).await?, ctx.now().day());
    let marked = |field: &str| {
        known.days.get(field).and_then(|readers| readers.get(reader.as_str())).is_some_and(|day| *day >= today)
    };
    let fresh: BTreeSet<&str> = fields.iter().map(String::as_str).filter(|field| !marked(field)).collect();
    let mut batch = ctx.batch();
    if known.since().is_none() {
        batch.push(MARK, params![ctx.workspace, SINCE, SINCE, today]);
    }
    for field in fresh.into_iter().filter(|field| *field != SINCE) {
        batch.push(MARK, params![ctx.workspace, field, reader.as_str(), today]);
    }
    if !batch.is_empty()
        && let Err(error) = ctx.db.apply(batch).await
    {
        // Whoever reads gets an answer also when nothing can be written, as on a full disk.
        tracing::warn!(%error, "which fields were read is not marked");
    }
    Ok(())
}

/// Every field of the workspace, as an export or an answer reads them.
///
/// # Errors
/// When the store fails.
pub async fn mark_all(ctx: &Ctx, reader: Reader) -> Result<()> {
    let custom = crate::fields::list(ctx).await?.into_keys();
    let standard = crate::contacts::Standard::ALL.iter().map(|field| field.as_str().to_owned());
    let all: Vec<String> = custom.chain(standard).chain(["email".to_owned(), "phone".to_owned()]).collect();
    mark(ctx, reader, &all).await
}

/// Forgets the marks of a field, in the caller's batch.
pub(crate) fn forget(batch: &mut store::Batch, field: &str) {
    batch.push(FORGET, params![batch.workspace(), field]);
}

/// The first instant of a day number.
pub(crate) fn day_start(day: i32) -> Timestamp {
    Timestamp(i64::from(day).saturating_mul(Timestamp::DAY))
}
