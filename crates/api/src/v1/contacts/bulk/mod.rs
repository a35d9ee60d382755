//! One act on many contacts.

mod cancel;
mod file;
mod list;
mod read;
mod start;

use kernel::JobId;
use people::bulk::Progress;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("bulk": start, list, read, cancel, file)
}

/// An act on many people.
#[derive(Serialize, ToSchema)]
#[schema(as = Bulk)]
pub(super) struct BulkAnswer {
    /// Its id.
    #[schema(value_type = String)]
    id: JobId,
    /// `tag`, `untag`, `archive`, `unsubscribe`, `erase` or `export`.
    action: &'static str,
    /// `running`, `finished`, `cancelled` or `failed`.
    state: &'static str,
    /// How many people are meant.
    total: u64,
    /// How many were dealt with.
    done: u64,
    /// How many are different now, or stand in the file.
    changed: u64,
    /// How many were not there any more, or were so already.
    skipped: u64,
    /// With how many it could not be done.
    failed: u64,
    /// How far it is, 0 to 100.
    percent: u64,
    /// People per second so far.
    per_second: Option<u64>,
    /// Seconds until it is done, at that rate.
    eta_seconds: Option<u64>,
    /// Why it ended early.
    error: Option<String>,
    /// Whether there is a file to fetch.
    file: bool,
    /// Who started it.
    started_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Things per second, and seconds until the rest is done: `(done, of)` things since an instant.
pub(in crate::v1) fn pace((done, of): (u64, u64), since: Timestamp, at: Timestamp) -> (Option<u64>, Option<u64>) {
    let seconds = (at.0 - since.0).max(0) as u64 / Timestamp::SECOND as u64;
    let rate = done.checked_div(seconds).filter(|rate| *rate > 0);
    (rate, rate.map(|rate| of.saturating_sub(done).div_ceil(rate)))
}

impl From<Progress> for BulkAnswer {
    fn from(job: Progress) -> Self {
        let running = job.state == people::bulk::State::Running;
        let (per_second, eta_seconds) = pace((job.done, job.total), job.created_at, job.updated_at);
        Self {
            id: job.id,
            action: job.action.as_str(),
            state: job.state.as_str(),
            total: job.total,
            done: job.done,
            changed: job.changed,
            skipped: job.skipped,
            failed: job.failed,
            percent: (job.done * 100).checked_div(job.total).unwrap_or(100),
            per_second,
            eta_seconds: eta_seconds.filter(|_| running),
            file: job.has_file(),
            error: job.error,
            started_by: job.started_by,
            created_at: job.created_at,
            updated_at: job.updated_at,
        }
    }
}
