//! Pausing, resuming and cancelling the messages of a campaign.

use std::collections::{BTreeSet, HashMap};

use billing::balance;
use kernel::{ContactId, DeliveryId, RawId};
use outbound::texts::RUN_QUEUE;
use outbound::{RunState, source_of};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, NewJob, params};

use super::super::model::MessageState;
use super::super::record::feed;
use super::super::send::QUEUE;
use super::super::service::Sms;
use super::queries as sql;
use crate::Result;

/// Messages cancelled in one transaction: each gives its money back.
const CHUNK: u32 = 500;

/// Which of these runs do not run: paused, or ended for good.
///
/// # Errors
/// The store's.
pub(in super::super) async fn stopped(
    ctx: &Ctx,
    sources: impl Iterator<Item = RawId>,
) -> Result<HashMap<RawId, RunState>> {
    let mut out = HashMap::new();
    for source in sources.collect::<BTreeSet<_>>() {
        match outbound::get(ctx, source).await {
            Ok(run) if matches!(run.state, RunState::Paused | RunState::Cancelled) => {
                out.insert(source, run.state);
            }
            Ok(_) | Err(outbound::Error::NotFound(_)) => {}
            Err(error) => return Err(store::Error::Refused(error.problem()).into()),
        }
    }
    Ok(out)
}

/// Does to the messages of a run what was done to the run. Repeating it does nothing more.
pub struct RunJob(Sms);

impl RunJob {
    /// A handler over the process's messages.
    pub fn new(sms: Sms) -> Self {
        Self(sms)
    }
}

impl Handler for RunJob {
    fn queue(&self) -> &'static str {
        RUN_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let source = source_of(&job.payload).ok_or("the job names no run")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            follow(&self.0, &ctx, source).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

async fn follow(sms: &Sms, ctx: &Ctx, source: RawId) -> Result<()> {
    let run = match outbound::get(ctx, source).await {
        Ok(run) => run,
        Err(outbound::Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(store::Error::Refused(error.problem()).into()),
    };
    let (queued, held) = (MessageState::Queued, MessageState::Held);
    match run.state {
        RunState::Paused => shift(ctx, source, (queued, held)).await,
        RunState::Running => {
            shift(ctx, source, (held, queued)).await?;
            let mut batch = ctx.batch();
            batch.job(NewJob::now(QUEUE, json!({})).key("all"));
            ctx.db.apply(batch).await?;
            sms.wake();
            Ok(())
        }
        RunState::Cancelled => {
            for state in [queued, held] {
                while cancel(ctx, source, state).await? {}
            }
            Ok(())
        }
        RunState::Finished => Ok(()),
    }
}

async fn shift(ctx: &Ctx, source: RawId, (from, to): (MessageState, MessageState)) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(sql::SHIFT, params![ctx.workspace, source, from, to]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Cancels some messages that wait; whether there may be more.
async fn cancel(ctx: &Ctx, source: RawId, state: MessageState) -> Result<bool> {
    let waiting: Vec<(DeliveryId,)> = ctx.db.all(sql::WAITING, params![ctx.workspace, source, state, CHUNK]).await?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let call = ctx.clone();
    ctx.db
        .tx(move |tx| {
            let mut batch = call.batch();
            for (id,) in &waiting {
                let about = params![call.workspace, *id, MessageState::Cancelled, call.now(), state];
                // Whoever was faster has it in hand, and settles it.
                if let Some((contact,)) = tx.opt::<(ContactId,)>(sql::CANCEL, about)? {
                    balance::release(&mut batch, &call, (*id).into());
                    feed(&mut batch, "sms.cancelled", (*id, contact, Some(source)), "cancelled");
                }
            }
            tx.apply(batch).map(|_| ())
        })
        .await?;
    Ok(true)
}
