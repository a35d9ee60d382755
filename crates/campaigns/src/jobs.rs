//! The jobs behind a campaign: start it when scheduled, insert its deliveries, end it.

use kernel::{CampaignId, Code, ContactId, Timestamp};
use outbound::{Outbound, enqueue};
use people::segments::live::Live;
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, Feed, params};

use crate::audience::{Audience, Chunk};
use crate::lifecycle::{self, get};
use crate::model::{Campaign, State};
use crate::prospecting::REASON_MISSING;
use crate::texts::{self, Handed};
use crate::writing::Writing;
use crate::{Error, Result, queries as sql};

pub(crate) const START_QUEUE: &str = "campaign.start";
pub(crate) const MATERIALISE_QUEUE: &str = "campaign.materialise";
pub(crate) const FINISH_QUEUE: &str = "campaign.finish";

/// People per transaction: the gate's answers and the inserts of a chunk hold the writer for some
/// milliseconds, no longer.
const CHUNK: u32 = 500;
/// Seconds after which the job is given back, well within its lease.
const SLICE: i64 = 45;

fn campaign_of(job: &Job) -> Option<CampaignId> {
    job.payload.get("campaign")?.as_str()?.parse().ok()
}

/// Starts scheduled campaigns.
pub struct StartJob(Outbound);

/// Asks the gate for everybody and inserts the deliveries.
pub struct MaterialiseJob(Outbound, Live);

/// Ends campaigns whose run has ended.
pub struct FinishJob;

impl StartJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl MaterialiseJob {
    /// A handler over the process's outbound service and audience indexes.
    pub fn new(outbound: Outbound, live: Live) -> Self {
        Self(outbound, live)
    }
}

impl Handler for StartJob {
    fn queue(&self) -> &'static str {
        START_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = campaign_of(&job).ok_or("the job names no campaign")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match lifecycle::send(&ctx, &self.0, id, 0).await {
                Ok(_) | Err(Error::State { .. } | Error::NotFound) => Ok(Outcome::Done),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}

impl Handler for MaterialiseJob {
    fn queue(&self) -> &'static str {
        MATERIALISE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = campaign_of(&job).ok_or("the job names no campaign")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            let outcome = match materialise(&ctx, &self.0, &self.1, id).await {
                Ok(outcome) => outcome,
                Err(error) => Outcome::Again(index_ready(&error, ctx.now()).ok_or_else(|| error.to_string())?),
            };
            sweep(&ctx, id).await.map_err(|error| error.to_string())?;
            Ok(outcome)
        })
    }
}

/// When to come back if all that was wrong is that the audience index is still taking in an import: no
/// failure, which would wait longer each time.
fn index_ready(error: &Error, now: Timestamp) -> Option<Timestamp> {
    let problem = error.problem();
    (problem.code == Code::IndexBuilding).then(|| now.plus_seconds(problem.retry_after.unwrap_or(1).into()))
}

/// A chunk that was inserted while the campaign was being cancelled does not wait for ever.
async fn sweep(ctx: &Ctx, id: CampaignId) -> Result<()> {
    let campaign = get(ctx, id).await?;
    if campaign.state == State::Cancelled {
        let mut batch = ctx.batch();
        outbound::cancel_waiting(&mut batch, ctx, id.into());
        if campaign.draft.texts.is_some() {
            outbound::texts::changed(&mut batch, id.into());
        }
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

async fn materialise(ctx: &Ctx, outbound: &Outbound, live: &Live, id: CampaignId) -> Result<Outcome> {
    let campaign = get(ctx, id).await?;
    if campaign.state != State::Preparing {
        return Ok(Outcome::Done);
    }
    if campaign.draft.texts.is_some() {
        return hand_over(ctx, outbound, live, &campaign).await;
    }
    let run = outbound::get(ctx, id.into()).await?;
    let catalog = lifecycle::catalog(ctx).await?;
    let reason = campaign.draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let version = outbound.versions().load(ctx, content::VersionId(run.content)).await?;
    let writing = Writing::new(ctx, live, version.compiled, reason).await?;
    let verified = lifecycle::sender_verified(ctx, outbound, &campaign.draft).await?;
    let audience = Audience::of(ctx, live, id.into(), (campaign.draft.topic, campaign.draft.segment)).await?;
    let (cursor,): (Option<ContactId>,) = ctx.db.one(sql::CURSOR, params![ctx.workspace, id]).await?;
    let until = ctx.now().plus_seconds(SLICE);
    let mut next = prefetch(ctx, (&audience, &writing), cursor.unwrap_or(ContactId([0; 16])));
    loop {
        let chunk = next.await.map_err(|_| Error::NotFound)??;
        // The next chunk is opened while the gate answers for this one.
        let following = chunk.next.map(|after| (after, prefetch(ctx, (&audience, &writing), after)));
        outbound::refuse(ctx, &run, &chunk.written.reasonless, REASON_MISSING).await?;
        if !chunk.written.drafts.is_empty() {
            enqueue(ctx, outbound.gate(), &run, chunk.written.drafts, verified).await?;
            outbound.wake();
        }
        let Some((after, task)) = following else { break };
        save_cursor(ctx, id, after).await?;
        if ctx.now() >= until || outbound.is_closing() || get(ctx, id).await?.state != State::Preparing {
            task.abort();
            return Ok(Outcome::Again(ctx.now()));
        }
        next = task;
    }
    everybody(ctx, outbound, id).await
}

/// Everybody has a message now.
async fn everybody(ctx: &Ctx, outbound: &Outbound, id: CampaignId) -> Result<Outcome> {
    let mut batch = ctx.batch();
    outbound::complete(&mut batch, ctx, id.into());
    let now: Timestamp = ctx.now();
    batch.push(sql::MOVE, params![ctx.workspace, id, State::Sending.as_str(), State::Preparing.as_str(), now]);
    ctx.db.apply(batch).await?;
    outbound.wake();
    Ok(Outcome::Done)
}

/// The texts of a campaign by SMS go to their channel; without money the campaign holds itself.
async fn hand_over(ctx: &Ctx, outbound: &Outbound, live: &Live, campaign: &Campaign) -> Result<Outcome> {
    let until = ctx.now().plus_seconds(SLICE);
    let handed = texts::hand_over(ctx, outbound, live, (campaign, until)).await?;
    if campaign.halted_by.is_some() && matches!(handed, Handed::All) {
        texts::note(ctx, campaign, None).await?;
    }
    match handed {
        Handed::All => everybody(ctx, outbound, campaign.id).await,
        Handed::Later(at) => Ok(Outcome::Again(at)),
        Handed::Insufficient => {
            lifecycle::halt(ctx, campaign.id, "insufficient_balance").await?;
            Ok(Outcome::Done)
        }
    }
}

fn prefetch(
    ctx: &Ctx,
    (audience, writing): (&Audience, &Writing),
    after: ContactId,
) -> tokio::task::JoinHandle<Result<Chunk>> {
    let (ctx, audience, writing) = (ctx.clone(), audience.clone(), writing.clone());
    tokio::spawn(async move { audience.after(&ctx, &writing, after, CHUNK).await })
}

async fn save_cursor(ctx: &Ctx, id: CampaignId, after: ContactId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(sql::SET_CURSOR, params![ctx.workspace, id, after]);
    ctx.db.apply(batch).await?;
    Ok(())
}

impl Handler for FinishJob {
    fn queue(&self) -> &'static str {
        FINISH_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let source = outbound::source_of(&job.payload).ok_or("the job names no run")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            let mut batch = ctx.batch();
            batch.push(sql::FINISH, params![ctx.workspace, CampaignId(source), ctx.now()]);
            batch.feed(Feed { kind: "campaign.sent", entity: source, data: json!({}) });
            ctx.db.apply(batch).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Problem;

    use super::*;

    #[test]
    fn an_index_that_is_not_ready_is_waited_for_and_nothing_else() {
        let now = Timestamp(1_000_000);
        let building = Problem::new(Code::IndexBuilding, "5 of 9 contacts").retry_after(3);
        let building = Error::People(people::Error::Refused(building));
        assert_eq!(index_ready(&building, now), Some(now.plus_seconds(3)));
        let refused = Error::People(people::Error::Refused(Problem::new(Code::InvalidInput, "no such tag")));
        assert_eq!(index_ready(&refused, now), None);
        assert_eq!(index_ready(&Error::NotFound, now), None);
    }
}
