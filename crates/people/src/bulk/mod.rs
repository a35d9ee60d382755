//! One act on many people: a durable job that goes on where it stopped.
//!
//! Who is meant is decided once, at the start, and kept as a sealed file of ids under a key of its own; whoever
//! meets the condition only later is left alone. The place in that file is committed together with what was
//! done, or behind it where an act commits by itself (and doing it twice is no different).

mod act;
mod queries;
mod run;
mod start;

use kernel::{Code, JobId, Problem, RawId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use store::{Ctx, Feed, params};

pub use run::Bulk;
pub use start::{Who, start};

use crate::import::job::discard;
use crate::{Error, Result};

/// The most people named one by one.
pub const MAX_IDS: usize = 10_000;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Gives tags.
    Tag,
    /// Takes tags.
    Untag,
    /// Puts people aside: kept, and no longer written to.
    Archive,
    /// Takes people out of a topic, or of everything.
    Unsubscribe,
    /// Erases people for good.
    Erase,
    /// Writes people to a CSV file.
    Export,
}

impl Action {
    /// Every one there is.
    pub const ALL: [Self; 6] = [Self::Tag, Self::Untag, Self::Archive, Self::Unsubscribe, Self::Erase, Self::Export];

    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Untag => "untag",
            Self::Archive => "archive",
            Self::Unsubscribe => "unsubscribe",
            Self::Erase => "erase",
            Self::Export => "export",
        }
    }

    /// What somebody needs who starts it.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Tag | Self::Untag | Self::Archive | Self::Unsubscribe => "contacts:write",
            Self::Erase => "contacts:erase",
            Self::Export => "contacts:export",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == code)
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Under way, or waiting for a worker.
    Running,
    /// Everybody was dealt with.
    Finished,
    /// Ended by a member; what was done stays done.
    Cancelled,
    /// It could not go on.
    Failed,
}

impl State {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Running, Self::Finished, Self::Cancelled, Self::Failed].into_iter().find(|state| state.as_str() == code)
    }
}

/// What an act needs to know besides who is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Names of tags to give or take.
    pub tags: Vec<String>,
    /// The topic people leave; everything when absent.
    pub topic: Option<TopicId>,
    /// What proves their wish to leave.
    pub note: Option<String>,
    /// How many people the caller believes to erase.
    pub confirm_count: Option<u64>,
}

/// A job as seen from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The job.
    pub id: JobId,
    /// What is done.
    pub action: Action,
    /// Where it stands.
    pub state: State,
    /// How many people are meant.
    pub total: u64,
    /// How many were dealt with.
    pub done: u64,
    /// How many are different now, or stand in the file.
    pub changed: u64,
    /// How many were not there any more, or were so already.
    pub skipped: u64,
    /// With how many it could not be done.
    pub failed: u64,
    /// Why it ended early.
    pub error: Option<String>,
    /// Who started it.
    pub started_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    #[serde(skip)]
    people: RawId,
    #[serde(skip)]
    result: RawId,
    #[serde(skip)]
    result_parts: u64,
}

impl store::FromRow for Progress {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let code = store::Error::Column("a bulk job's code");
        Ok(Self {
            id: row.take()?,
            action: Action::from_code(&row.take::<String>()?).ok_or_else(|| code.clone())?,
            state: State::from_code(&row.take::<String>()?).ok_or(code)?,
            total: row.take()?,
            done: row.take()?,
            changed: row.take()?,
            skipped: row.take()?,
            failed: row.take()?,
            people: row.take()?,
            result: row.take()?,
            result_parts: row.take()?,
            error: row.take()?,
            started_by: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

impl Progress {
    /// Whether there is a file to fetch.
    pub fn has_file(&self) -> bool {
        self.action == Action::Export && self.state == State::Finished
    }

    fn feed(&self, kind: &'static str) -> Feed {
        let data =
            serde_json::json!({"action": self.action, "state": self.state, "total": self.total, "done": self.done});
        Feed { kind, entity: self.id.into(), data }
    }
}

/// A job.
///
/// # Errors
/// `not_found`.
pub async fn get(ctx: &Ctx, id: JobId) -> Result<Progress> {
    let job: Option<Progress> = ctx.db.get(queries::BULK, params![ctx.workspace, id]).await?;
    job.ok_or(Error::NotFound("job"))
}

/// The newest jobs, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, limit: u32) -> Result<Vec<Progress>> {
    Ok(ctx.db.all(queries::BULKS, params![ctx.workspace, limit]).await?)
}

/// Ends a job; what was done stays done.
///
/// # Errors
/// `conflict` when it has ended already.
pub async fn cancel(ctx: &Ctx, id: JobId) -> Result<Progress> {
    let job = get(ctx, id).await?;
    match end(ctx, &job, State::Cancelled, None).await {
        Err(Error::Store(store::Error::Guard(_))) => {
            Err(Problem::new(Code::Conflict, "this job has ended already").into())
        }
        other => other,
    }
}

/// Ends a job in a state, once: first the record, then the ids.
async fn end(ctx: &Ctx, job: &Progress, state: State, error: Option<&str>) -> Result<Progress> {
    let mut batch = ctx.batch();
    batch.guard(queries::END, params![ctx.workspace, job.id, state.as_str(), error, ctx.now()]);
    let ended = Progress { state, updated_at: ctx.now(), ..job.clone() };
    batch.feed(ended.feed("bulk.ended"));
    ctx.db.apply(batch).await?;
    discard(ctx, job.people).await?;
    if state != State::Finished || job.action != Action::Export {
        discard(ctx, job.result).await?;
    }
    get(ctx, job.id).await
}

store::personal!(store::PersonalTable {
    table: "bulk",
    class: "workspace.staged",
    subject: "",
    columns: &[],
    erase: &[queries::ERASE_EXPORTS],
    kept: None,
    collect: None,
});

/// The parts of the file that an export wrote, in order.
///
/// # Errors
/// `not_found` when the job writes none or has not ended; `gone` after seven days, and once anybody was erased.
pub async fn file(ctx: &Ctx, id: JobId, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let job = get(ctx, id).await?;
    if !job.has_file() {
        return Err(Error::NotFound("file"));
    }
    let key = ctx.vault.file(ctx.workspace, job.result).await.map_err(|error| match error {
        store::Error::KeyDestroyed => Problem::new(Code::Gone, "exported files are kept for seven days").into(),
        error => Error::from(error),
    })?;
    for part in 0..job.result_parts {
        let Some(plain) = start::part(ctx, &key, job.result, part).await? else {
            let detail = "somebody was erased since, and exported files went with them; export again";
            return Err(Problem::new(Code::Gone, detail).into());
        };
        each(&plain)?;
    }
    Ok(())
}
