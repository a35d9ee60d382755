//! Durable jobs: rows with leases, enqueued in the commit that causes them, claimed in batches.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::{JobId, Timestamp, WorkspaceId};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{Batch, Core, Db, Error, Result, Row, params, sql};

/// Seconds a worker may hold a job before another one may take it; renewed while the job runs.
const LEASE: i64 = 60;
/// How often a running job's lease is renewed.
const RENEW: Duration = Duration::from_secs(15);
/// Attempts before a job is set aside.
const ATTEMPTS: u32 = 12;
/// Jobs run at the same time per queue.
const PARALLEL: usize = 8;

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The job.
    pub id: JobId,
    /// Ids and counters.
    pub payload: serde_json::Value,
    /// This is the n-th attempt, from 1.
    pub attempts: u32,
}

impl crate::FromRow for Job {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            workspace: row.take()?,
            id: row.take()?,
            payload: serde_json::from_str(&row.take::<String>()?).map_err(|_| Error::Column("JSON"))?,
            attempts: row.take()?,
        })
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The job is finished.
    Done,
    /// Run it again at that instant; does not count as a failure.
    Again(Timestamp),
}

/// What runs the jobs of one queue. A run may happen twice (a lease can expire), so it must be
/// idempotent. An error text is stored and must not carry personal values.
pub trait Handler: Send + Sync {
    /// The queue's name.
    fn queue(&self) -> &'static str;

    /// Runs one job.
    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>>;
}

sql! {
    CLAIM = "UPDATE job SET lease_until = $3, attempts = attempts + 1, again = NULL WHERE (workspace, id) IN (
            SELECT workspace, id FROM job WHERE queue = $1 AND dead = $5 AND run_at <= $2 AND lease_until <= $2
            ORDER BY run_at LIMIT $4 {skip_locked})
        RETURNING workspace, id, payload, attempts";
    /// Only the holder of the lease may finish a job: a later claim moved it on.
    FINISH = "DELETE FROM job WHERE workspace = $1 AND id = $2 AND attempts = $3 AND again IS NULL";
    /// What [`FINISH`] left was asked for again while it ran.
    ONCE_MORE = "UPDATE job SET run_at = again, lease_until = 0, attempts = 0 WHERE workspace = $1 AND id = $2 AND attempts = $3";
    AGAIN = "UPDATE job SET run_at = CASE WHEN again < $4 THEN again ELSE $4 END, lease_until = 0, attempts = 0 WHERE workspace = $1 AND id = $2 AND attempts = $3";
    FAIL = "UPDATE job SET run_at = $4, lease_until = 0, last_error = $5, dead = $6 WHERE workspace = $1 AND id = $2 AND attempts = $3";
    RENEW_LEASE = "UPDATE job SET lease_until = $4 WHERE workspace = $1 AND id = $2 AND attempts = $3";
    RELEASE = "UPDATE job SET lease_until = 0 WHERE lease_until > 0 AND lease_until <= $1";
    NEXT = "SELECT min(run_at) FROM job WHERE queue = $1 AND dead = $2";
    PENDING = "SELECT CAST(count(*) AS BIGINT) FROM job WHERE queue = $1 AND dead = $2";
    WAITING = "SELECT id, payload, run_at, attempts, dead FROM job WHERE workspace = $1 AND queue = $2 ORDER BY id LIMIT $3";
    CANCEL = "DELETE FROM job WHERE workspace = $1 AND queue = $2 AND dedup = $3";
}

/// Claims up to `limit` due jobs of a queue.
///
/// # Errors
/// When the database fails.
pub async fn claim(core: &Core, queue: &'static str, limit: usize) -> Result<Vec<Job>> {
    let now = core.clock.now();
    let values = params![queue, now, now.plus_seconds(LEASE), limit, false];
    core.db.returning(CLAIM, values).await
}

/// How many live jobs a queue holds.
///
/// # Errors
/// When the database fails.
pub async fn pending(db: &Db, queue: &'static str) -> Result<u64> {
    Ok(db.one::<(u64,)>(PENDING, params![queue, false]).await?.0)
}

/// A job that has not ended, as seen from outside.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The job.
    pub id: JobId,
    /// Ids and counters.
    pub payload: serde_json::Value,
    /// When it is due.
    pub run_at: Timestamp,
    /// How often it was begun.
    pub attempts: u32,
    /// It failed too often and is not tried again.
    pub dead: bool,
}

impl crate::FromRow for Waiting {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            payload: serde_json::from_str(&row.take::<String>()?).map_err(|_| Error::Column("JSON"))?,
            run_at: row.take()?,
            attempts: row.take()?,
            dead: row.take()?,
        })
    }
}

/// A workspace's jobs of a queue that have not ended, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &Db, workspace: WorkspaceId, queue: &str, limit: u32) -> Result<Vec<Waiting>> {
    db.all(WAITING, params![workspace, queue, limit]).await
}

/// Removes the waiting job of a queue that has this key.
pub fn cancel(batch: &mut Batch, queue: &'static str, key: &str) {
    batch.push(CANCEL, params![batch.workspace(), queue, key]);
}

/// Seconds until the next attempt after `attempts` failures: 5 s doubling to 4 h, spread by up to
/// a half so that failures of one cause do not return together.
fn back_off(attempts: u32, spread: u8) -> i64 {
    let base = 5i64.saturating_mul(1 << attempts.min(12)).min(4 * 3600);
    base + base * i64::from(spread) / 512
}

/// Runs one claimed job and records how it ended.
///
/// # Errors
/// When the outcome cannot be recorded; the lease then runs out and the job runs again.
pub async fn run_one(core: &Core, handler: &dyn Handler, job: Job) -> Result<()> {
    let (workspace, id, attempts) = (job.workspace, job.id, job.attempts);
    let outcome = tokio::select! {
        outcome = handler.run(core, job) => outcome,
        never = renew(core, workspace, id, attempts) => match never {},
    };
    let now = core.clock.now();
    let mut batch = Batch::new(workspace, now, core.ids.clone());
    match outcome {
        Ok(Outcome::Done) => {
            batch.push(FINISH, params![workspace, id, attempts]);
            batch.push(ONCE_MORE, params![workspace, id, attempts]);
        }
        Ok(Outcome::Again(at)) => batch.push(AGAIN, params![workspace, id, attempts, at]),
        Err(reason) => {
            let mut spread = [0];
            core.rng.fill(&mut spread);
            let dead = attempts >= ATTEMPTS;
            tracing::warn!(queue = handler.queue(), job = %id, attempts, dead, %reason, "a job failed");
            let at = now.plus_seconds(back_off(attempts, spread[0]));
            batch.push(FAIL, params![workspace, id, attempts, at, reason, dead]);
        }
    }
    core.db.apply(batch).await.map(|_| ())
}

async fn renew(core: &Core, workspace: WorkspaceId, id: JobId, attempts: u32) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(RENEW).await;
        let mut batch = Batch::new(workspace, core.clock.now(), core.ids.clone());
        batch.push(RENEW_LEASE, params![workspace, id, attempts, core.clock.now().plus_seconds(LEASE)]);
        if let Err(error) = core.db.apply(batch).await {
            tracing::warn!(job = %id, %error, "a lease cannot be renewed");
        }
    }
}

/// Frees jobs that a process held which is known to be dead: those claimed before `started`.
///
/// # Errors
/// When the database fails.
pub async fn release_claimed_before(db: &Db, started: Timestamp) -> Result<u64> {
    let until = started.plus_seconds(LEASE);
    db.tx(move |tx| tx.exec(RELEASE, params![until])).await
}

/// Runs everything that is due now, until nothing is; for tests and offline commands.
///
/// # Errors
/// When the database fails.
pub async fn drain(core: &Core, handlers: &[Arc<dyn Handler>]) -> Result<usize> {
    let mut count = 0;
    loop {
        let before = count;
        for handler in handlers {
            for job in claim(core, handler.queue(), PARALLEL).await? {
                run_one(core, handler.as_ref(), job).await?;
                count += 1;
            }
        }
        if count == before {
            return Ok(count);
        }
    }
}

/// Runs the queues of all handlers until `shutdown` turns true.
pub async fn run(core: Core, handlers: Vec<Arc<dyn Handler>>, shutdown: watch::Receiver<bool>) {
    let mut queues = JoinSet::new();
    for handler in handlers {
        queues.spawn(run_queue(core.clone(), handler, shutdown.clone()));
    }
    while queues.join_next().await.is_some() {}
}

async fn run_queue(core: Core, handler: Arc<dyn Handler>, mut shutdown: watch::Receiver<bool>) {
    let mut changed = core.db.jobs_changed();
    let mut running: JoinSet<()> = JoinSet::new();
    while !*shutdown.borrow() {
        changed.borrow_and_update();
        let room = PARALLEL - running.len();
        let claimed = claim(&core, handler.queue(), room).await.unwrap_or_else(|error| {
            tracing::error!(queue = handler.queue(), %error, "jobs cannot be claimed");
            Vec::new()
        });
        let full = claimed.len() == room;
        for job in claimed {
            let (core, handler) = (core.clone(), Arc::clone(&handler));
            running.spawn(async move {
                if let Err(error) = run_one(&core, handler.as_ref(), job).await {
                    tracing::error!(queue = handler.queue(), %error, "a job's outcome cannot be recorded");
                }
            });
        }
        let wait =
            if full && running.len() < PARALLEL { Duration::ZERO } else { wait_time(&core, handler.queue()).await };
        tokio::select! {
            _ = changed.changed(), if running.len() < PARALLEL => {}
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = tokio::time::sleep(wait) => {}
            _ = shutdown.changed() => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Until the next job is due, at most a few seconds because other nodes enqueue too.
async fn wait_time(core: &Core, queue: &'static str) -> Duration {
    let next = core.db.opt::<(Option<Timestamp>,)>(NEXT, params![queue, false]).await;
    let micros = match next {
        Ok(Some((Some(at),))) => at.0.saturating_sub(core.clock.now().0),
        _ => i64::MAX,
    };
    Duration::from_micros(micros.clamp(200_000, 5_000_000) as u64)
}

#[cfg(test)]
mod tests {
    use super::back_off;

    #[test]
    fn back_off_grows_and_is_bounded() {
        assert_eq!(back_off(1, 0), 10);
        assert!(back_off(5, 255) > back_off(5, 0));
        assert_eq!(back_off(40, 0), 4 * 3600);
    }
}
