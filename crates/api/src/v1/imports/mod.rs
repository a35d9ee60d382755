//! Imports of people from files.

mod cancel;
mod inspect;
mod list;
mod preview;
mod read;
mod rejects;
mod settings;
mod upload;

use kernel::{ImportId, TopicId};
use people::import::job::{Import, State as Stage, TO_BE_MADE};

use super::contacts::bulk::pace;
use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("imports": list, read, rejects, preview, cancel)
}

/// The endpoint that takes files; kept apart, because its body never stands in memory.
pub(super) fn uploads() -> Routes {
    routes!("imports": upload, inspect)
}

/// An import.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub(super) struct ImportAnswer {
    /// Its id.
    #[schema(value_type = String)]
    id: ImportId,
    /// `running`, `finished`, `cancelled` or `failed`.
    state: &'static str,
    /// The topic people join; null in a dry run whose topic is to be made.
    #[schema(value_type = Option<String>)]
    topic: Option<TopicId>,
    /// Rows read so far, rejected ones included.
    read: u64,
    /// People who are new.
    added: u64,
    /// Rows that changed somebody.
    updated: u64,
    /// Rows that changed nobody.
    unchanged: u64,
    /// Rows that were not imported; `/rejects` says why.
    rejected: u64,
    /// How many of them for which kind of reason: `email`, `phone`, `no_identifier`, `field_count`, `quotes`,
    /// `encoding`, `too_large`, `blocked` or `other`.
    reject_reasons: std::collections::BTreeMap<String, u64>,
    /// The file's size in octets; 0 for imports of older releases.
    bytes: u64,
    /// How far it is, 0 to 100; null when that is not known.
    percent: Option<u64>,
    /// Rows per second so far.
    per_second: Option<u64>,
    /// Seconds until it is done, at that rate.
    eta_seconds: Option<u64>,
    /// The file's encoding.
    encoding: String,
    /// Column of the file → field.
    mapped: std::collections::BTreeMap<String, String>,
    /// Columns nobody asked for.
    dropped: Vec<String>,
    /// Optional values that were dropped: the first hundred, by line, column and reason.
    warnings: Vec<Json>,
    /// How many there were.
    warning_count: u64,
    /// Rows of people who had left or are blocked: they stay as they are.
    left_as_they_are: u64,
    /// Rows without the evidence their basis needs: imported, and not mailable.
    without_basis: u64,
    /// Whether nothing was written.
    dry_run: bool,
    /// Why it ended early.
    error: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Import> for ImportAnswer {
    fn from(import: Import) -> Self {
        let (report, running) = (import.report, import.state == Stage::Running);
        let lines = (report.lines > 0).then_some(report.lines);
        let read = import.position.line.saturating_sub(1);
        let percent = lines.map(|lines| (read * 100 / lines).min(if running { 99 } else { 100 }));
        let (per_second, _) = pace((report.read, report.read), import.created_at, import.updated_at);
        let (_, eta_seconds) = pace((read, lines.unwrap_or_default()), import.created_at, import.updated_at);
        let warning = |warning: &people::import::Warning| json!({ "line": warning.line, "column": warning.column, "reason": warning.reason });
        Self {
            id: import.id,
            state: match import.state {
                Stage::Running => "running",
                Stage::Done => "finished",
                Stage::Cancelled => "cancelled",
                Stage::Failed => "failed",
            },
            topic: (import.topic != TO_BE_MADE).then_some(import.topic),
            read: report.read,
            added: report.added,
            updated: report.updated,
            unchanged: report.unchanged,
            rejected: report.rejected,
            reject_reasons: report.reject_reasons,
            bytes: report.bytes,
            percent: if import.state == Stage::Done { Some(100) } else { percent },
            per_second,
            eta_seconds: eta_seconds.filter(|_| running && lines.is_some()),
            encoding: report.encoding,
            mapped: report.mapped,
            dropped: report.dropped,
            warnings: report.first_warnings.iter().map(warning).collect(),
            warning_count: report.warnings,
            left_as_they_are: report.left_as_they_are,
            without_basis: report.without_basis,
            dry_run: report.dry_run,
            error: report.error,
            created_at: import.created_at,
            updated_at: import.updated_at,
        }
    }
}
