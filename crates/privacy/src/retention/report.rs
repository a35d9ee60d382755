use kernel::{EventId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::{Error, Result};

store::sql! {
    INSERT_REPORT = "INSERT INTO retention_report (workspace, id, mode, at, report) VALUES ($1, $2, $3, $4, $5)";
    REPORTS = "SELECT report FROM retention_report WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    DUE_REPORTS = "SELECT NULL, at, id FROM retention_report WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END_REPORT = "DELETE FROM retention_report WHERE workspace = $1 AND id = $2";
}

/// Whether a run acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Only counts.
    Dry,
    /// Ends what is due.
    Real,
}

impl Mode {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dry => "dry",
            Self::Real => "real",
        }
    }
}

/// What a run found and did in one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The retention class.
    pub class: String,
    /// The table.
    pub table: String,
    /// Rows that are due.
    pub due: u64,
    /// There are more than were counted.
    pub more: bool,
    /// Of those, rows that a hold keeps.
    pub held: u64,
    /// Rows that were ended.
    pub ended: u64,
    /// From when the oldest one's period runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
}

/// What a run found and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub id: EventId,
    /// Whether it acted.
    pub mode: Mode,
    /// When.
    pub at: Timestamp,
    /// Whether nothing that is due was left for the next run.
    pub complete: bool,
    /// Class by class and table by table, those with something due.
    pub lines: Vec<Line>,
}

impl Report {
    pub(super) async fn keep(&self, ctx: &Ctx) -> Result<()> {
        let text = serde_json::to_string(self).map_err(|_| Error::Corrupt("retention report"))?;
        let mut batch = ctx.batch();
        batch.push(INSERT_REPORT, params![ctx.workspace, self.id, self.mode.as_str(), self.at, text]);
        ctx.db.apply(batch).await?;
        Ok(())
    }

    /// How many rows were ended.
    pub fn ended(&self) -> u64 {
        self.lines.iter().map(|line| line.ended).sum()
    }
}

/// Reports of runs that found something, newest first, before a given one.
///
/// # Errors
/// When the store fails.
pub async fn reports(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Report>> {
    let before = before.unwrap_or(EventId([0xff; 16]));
    let rows: Vec<(String,)> = ctx.db.all(REPORTS, params![ctx.workspace, before, limit]).await?;
    rows.iter().map(|row| serde_json::from_str(&row.0).map_err(|_| Error::Corrupt("retention report"))).collect()
}

store::retention!(store::RetentionRule {
    table: "retention_report",
    class: "audit",
    covers: &[],
    event: "the run",
    due_by: store::DueBy::Id,
    find: DUE_REPORTS,
    end: &[END_REPORT],
    before: None,
    after: None,
});
