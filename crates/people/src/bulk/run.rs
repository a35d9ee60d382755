use kernel::{ContactId, JobId};
use privacy::gate::Gate;
use serde_json::Value as Json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use super::act::{Acting, Done};
use super::start::{IDS, read_part};
use super::{Progress, State, Terms, end, get};
use crate::segments::live::Live;
use crate::{Error, Result};

pub(super) const QUEUE: &str = "people.bulk";
/// Seconds after which the job is given back, so that others get their turn.
const SLICE: i64 = 45;

/// Works off acts on many people.
pub struct Bulk {
    gate: Gate,
    live: Live,
}

impl Bulk {
    /// A handler over the process's one gate and its audience indexes.
    pub const fn new(gate: Gate, live: Live) -> Self {
        Self { gate, live }
    }
}

impl Handler for Bulk {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload.get("bulk").and_then(Json::as_str).and_then(|id| id.parse::<JobId>().ok());
            let id = id.ok_or("the job names no work")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match self.work(&ctx, id).await {
                // Cancelled, or another worker is at it.
                Err(Error::Store(store::Error::Guard(_)) | Error::NotFound(_)) => Ok(Outcome::Done),
                Err(Error::Store(store::Error::KeyDestroyed)) => {
                    let job = get(&ctx, id).await.map_err(|error| error.to_string())?;
                    let reason = "the list of people was kept for seven days and is gone";
                    drop(end(&ctx, &job, State::Failed, Some(reason)).await);
                    Ok(Outcome::Done)
                }
                other => other.map_err(|error| error.to_string()),
            }
        })
    }
}

/// Who started the job acts in it.
fn starter(job: &Progress) -> Actor {
    let user = job.started_by.parse().map(Actor::User);
    user.or_else(|_| job.started_by.parse().map(Actor::Key)).unwrap_or(Actor::Console)
}

impl Bulk {
    async fn work(&self, ctx: &Ctx, id: JobId) -> Result<Outcome> {
        let until = ctx.now().plus_seconds(SLICE);
        let mut job = get(ctx, id).await?;
        if job.state != State::Running {
            return Ok(Outcome::Done);
        }
        let ctx = &ctx.core.ctx(ctx.workspace, starter(&job));
        let key = ctx.vault.file(ctx.workspace, job.people).await?;
        let terms = read_part(ctx, &key, job.people, 0).await?;
        let terms: Terms = serde_json::from_slice(&terms).map_err(|_| Error::Corrupt("terms"))?;
        let acting = Acting::new(ctx, (&self.gate, &self.live), &job, terms).await?;
        let mut held: Option<(u64, Vec<ContactId>)> = None;
        while job.done < job.total {
            let (part, from) = (job.done / IDS as u64, (job.done % IDS as u64) as usize);
            let ids = match held.take() {
                Some((number, ids)) if number == part => ids,
                _ => read_part(ctx, &key, job.people, part + 1).await?.chunks_exact(16).filter_map(id_of).collect(),
            };
            let chunk = ids.get(from..).unwrap_or_default();
            let chunk = &chunk[..chunk.len().min(acting.step())];
            if chunk.is_empty() {
                return Err(Error::Corrupt("staged file"));
            }
            let Done { changed, skipped, failed, parts } = acting.act(&job, chunk).await?;
            job.done += chunk.len() as u64;
            job.changed += changed;
            job.skipped += skipped;
            job.failed += failed;
            job.result_parts += parts;
            held = Some((part, ids));
            if ctx.now() >= until {
                return Ok(Outcome::Again(ctx.now()));
            }
        }
        if job.action == super::Action::Export && job.total == 0 {
            acting.act(&job, &[]).await?;
        }
        end(ctx, &job, State::Finished, None).await?;
        Ok(Outcome::Done)
    }
}

fn id_of(bytes: &[u8]) -> Option<ContactId> {
    bytes.try_into().ok().map(ContactId)
}
