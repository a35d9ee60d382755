use std::collections::BTreeMap;
use std::io::Write;

use kernel::{Code, ImportId, Problem, RawId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use store::{Ctx, Feed, params};

use super::queries::{self, ImportRow};
use super::stage;
use crate::import::{Position, Reject, RejectsWriter, Warning};
use crate::{Error, Result};

/// Warnings told one by one; further ones are counted.
const SHOWN_WARNINGS: usize = 100;

/// What an import did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Rows read, rejected ones included.
    pub read: u64,
    /// People who are new.
    pub added: u64,
    /// Rows that changed somebody.
    pub updated: u64,
    /// Rows that changed nobody.
    pub unchanged: u64,
    /// Rows that were not imported; see the rejects file.
    pub rejected: u64,
    /// Where the rejects file is; set by whoever saves it.
    pub rejects: Option<String>,
    /// How many rows were rejected for each kind of reason ([`reject_code`]).
    pub reject_reasons: BTreeMap<String, u64>,
    /// The file's size in octets.
    pub bytes: u64,
    /// The file's lines, about.
    pub lines: u64,
    /// The file's encoding.
    pub encoding: String,
    /// Column of the file → field.
    pub mapped: BTreeMap<String, String>,
    /// Columns nobody asked for.
    pub dropped: Vec<String>,
    /// Optional values that were dropped.
    pub warnings: u64,
    /// The first of them: line, column and reason.
    pub first_warnings: Vec<Warning>,
    /// Rows of people who had left or are blocked: their membership stays as it is.
    pub left_as_they_are: u64,
    /// Rows without the evidence their basis needs: imported, not mailable.
    pub without_basis: u64,
    /// Nothing was written.
    pub dry_run: bool,
    /// Why the import ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The kind of a rejection, from its words.
pub fn reject_code(reason: &str) -> &'static str {
    const CODES: [(&str, &str); 11] = [
        ("erased", "blocked"),
        ("block", "blocked"),
        ("suppressed", "blocked"),
        ("fields where the header has", "field_count"),
        ("is not valid text", "encoding"),
        ("quote", "quotes"),
        ("record larger", "too_large"),
        ("more than 1024 fields", "too_large"),
        ("neither", "no_identifier"),
        ("email", "email"),
        ("phone", "phone"),
    ];
    CODES.iter().find(|(part, _)| reason.contains(part)).map_or("other", |(_, code)| code)
}

impl Report {
    pub(super) fn explain(&mut self, rejects: &[Reject]) {
        for reject in rejects {
            *self.reject_reasons.entry(reject_code(&reject.reason).to_owned()).or_default() += 1;
        }
    }

    pub(super) fn warn(&mut self, warnings: Vec<Warning>) {
        self.warnings += warnings.len() as u64;
        let room = SHOWN_WARNINGS.saturating_sub(self.first_warnings.len());
        self.first_warnings.extend(warnings.into_iter().take(room));
    }
}

/// The state of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Under way, or waiting for a worker.
    Running,
    /// Finished.
    Done,
    /// Ended by a member.
    Cancelled,
    /// The file could not be read to its end.
    Failed,
}

impl State {
    /// The code in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Cancelled, Self::Failed].into_iter().find(|state| state.as_str() == code)
    }
}

/// An import as seen from outside.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Its state.
    pub state: State,
    /// The topic people join.
    pub topic: TopicId,
    /// What it did so far.
    pub report: Report,
    /// How far it has come in the (decoded) file.
    pub position: Position,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

impl Import {
    pub(super) fn from_row(row: &ImportRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            state: State::from_code(&row.state).ok_or(Error::Corrupt("import"))?,
            topic: row.topic,
            report: serde_json::from_str(&row.report).map_err(|_| Error::Corrupt("import"))?,
            position: Position { offset: row.position, line: row.line },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

pub(super) async fn row(ctx: &Ctx, id: ImportId) -> Result<ImportRow> {
    let row: Option<ImportRow> = ctx.db.get(queries::IMPORT, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("import"))
}

/// An import.
pub async fn get(ctx: &Ctx, id: ImportId) -> Result<Import> {
    Import::from_row(&row(ctx, id).await?)
}

/// The newest imports, newest first.
pub async fn list(ctx: &Ctx, limit: u32) -> Result<Vec<Import>> {
    let rows: Vec<ImportRow> = ctx.db.all(queries::IMPORTS, params![ctx.workspace, limit]).await?;
    rows.iter().map(Import::from_row).collect()
}

/// Ends an import; what was committed stays, the staged file goes.
pub async fn cancel(ctx: &Ctx, id: ImportId) -> Result<()> {
    let row = row(ctx, id).await?;
    let import = Import::from_row(&row)?;
    if import.state != State::Running {
        return Err(Problem::new(Code::Conflict, "this import has ended already").into());
    }
    end(ctx, id, State::Cancelled, (&import.report, row.reject_parts)).await
}

/// Ends an import in this state: first the record, then the staged file and its key.
pub(super) async fn end(ctx: &Ctx, id: ImportId, state: State, (report, reject_parts): (&Report, u64)) -> Result<()> {
    let text = serde_json::to_string(report).map_err(|_| Error::Corrupt("import"))?;
    let mut batch = ctx.batch();
    batch.guard(queries::FINISH, params![ctx.workspace, id, state.as_str(), text, reject_parts, ctx.now()]);
    let data = serde_json::json!({"state": state, "added": report.added, "updated": report.updated, "rejected": report.rejected});
    batch.feed(Feed { kind: "import.ended", entity: id.into(), data });
    ctx.db.apply(batch).await?;
    stage::discard(ctx, id.into()).await
}

/// Rejected rows of one part, as stored.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredReject(pub(super) u64, pub(super) String, pub(super) String);

/// The rejected rows of an import, in the order of the file, part by part.
///
/// # Errors
/// `gone` when the rejects file is past its life (seven days).
pub async fn rejects(ctx: &Ctx, id: ImportId, mut each: impl FnMut(Reject) -> Result<()>) -> Result<()> {
    let row = row(ctx, id).await?;
    if row.reject_parts == 0 {
        return Ok(());
    }
    let file: RawId = row.rejects;
    let key = ctx.vault.file(ctx.workspace, file).await.map_err(|error| match error {
        store::Error::KeyDestroyed => Problem::new(Code::Gone, "rejects files are kept for seven days").into(),
        error => Error::from(error),
    })?;
    for part in 0..row.reject_parts {
        let (sealed,): (Vec<u8>,) = ctx.db.one(queries::PART, params![ctx.workspace, file, part]).await?;
        let plain = key.open(part, &sealed)?;
        let stored: Vec<StoredReject> = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("rejects file"))?;
        for StoredReject(line, reason, value) in stored {
            each(Reject { line, reason, value })?;
        }
    }
    Ok(())
}

/// The first `count` rejected rows of an import, in the order of the file.
///
/// # Errors
/// As [`rejects`].
pub async fn first_rejects(ctx: &Ctx, id: ImportId, count: usize, mut each: impl FnMut(Reject)) -> Result<()> {
    let mut left = count;
    let walk = rejects(ctx, id, |reject| {
        if left == 0 {
            // Ends the walk; no further part is opened.
            return Err(Error::Interrupted);
        }
        left -= 1;
        each(reject);
        Ok(())
    });
    match walk.await {
        Err(Error::Interrupted) => Ok(()),
        other => other,
    }
}

/// Writes the rejects file: CSV with line, reason, value.
pub async fn write_rejects<W: Write>(ctx: &Ctx, id: ImportId, out: W) -> Result<W> {
    let failed = |error: std::io::Error| Error::from(Problem::new(Code::Unavailable, error.to_string()));
    let mut writer = RejectsWriter::new(out).map_err(failed)?;
    rejects(ctx, id, |reject| writer.write(&reject).map_err(failed)).await?;
    writer.finish().map_err(failed)
}

store::personal!(store::PersonalTable {
    table: "import",
    class: "workspace.sources",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("says where a file came from, under the workspace's key; names nobody in it"),
    collect: None,
});

store::personal!(store::PersonalTable {
    table: "import_part",
    class: "workspace.staged",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some(
        "a file as it came in and its rejected rows; its key is destroyed when the import ends, of rejects after seven days"
    ),
    collect: None,
});
