//! What happens by itself: snoozes end, nobody waits for somebody who does not answer, silent conversations close.
//! Every open conversation has one durable job that knows when to look again; what people do meanwhile only moves
//! that instant.

use kernel::{ConversationId, Timestamp};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::conversations::Conversation;
use crate::events::NewEvent;
use crate::groups::{self, Inactivity};
use crate::hub::Hub;
use crate::model::{EndedBy, Routing, State};
use crate::reports::What;
use crate::work::Work;
use crate::{Result, conversations, raced, routing};

/// The queue of timers. Payload: `conversation`.
pub const QUEUE: &str = "conversation.timer";
/// How often the queue is looked at for a conversation that waits in it, in seconds.
const QUEUED: i64 = 30;
/// The longest pause between two looks, in seconds: settings of a group may change.
const LONGEST: i64 = 3600;

/// Looks after open conversations: the queue [`QUEUE`].
pub struct TimerJob(Hub);

impl TimerJob {
    /// A handler over the process's hub.
    pub fn new(hub: Hub) -> Self {
        Self(hub)
    }
}

impl Handler for TimerJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload["conversation"].as_str().and_then(|text| text.parse().ok());
            let id: ConversationId = id.ok_or("the job names no conversation")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match look(&ctx, &self.0, id).await {
                Ok(Some(at)) => Ok(Outcome::Again(at)),
                Ok(None) | Err(crate::Error::NotFound(_) | crate::Error::Store(store::Error::KeyDestroyed)) => {
                    Ok(Outcome::Done)
                }
                Err(error) => Err(error.problem().code.as_str().to_owned()),
            }
        })
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The snooze is over.
    Wake,
    /// Somebody else has to answer.
    HandOn,
    /// Nobody writes any more.
    Close,
    /// The queue is to be served.
    Serve,
}

/// What is due for a conversation, or when to look again; none when it is closed.
pub fn due(row: &Conversation, inactivity: Inactivity, now: Timestamp) -> Option<Result<Due, Timestamp>> {
    let after = |from: Timestamp, minutes: u32| from.plus_seconds(i64::from(minutes) * 60);
    if row.state == State::Closed {
        return None;
    }
    if let (State::Snoozed, Some(until)) = (row.state, row.snoozed_until) {
        return Some(if until <= now { Ok(Due::Wake) } else { Err(until) });
    }
    let mut instants: Vec<(Timestamp, Due)> = Vec::new();
    // By mail nobody sits and waits.
    if row.channel.as_str() != "email" {
        let last = [row.agent_at, row.visitor_at, Some(row.created_at)].into_iter().flatten().max().unwrap_or(now);
        if let (Some(minutes), Some(since), Some(_)) = (inactivity.agent_minutes, row.waiting_since, row.assignee) {
            instants.push((after(since, minutes), Due::HandOn));
        }
        if let (Some(minutes), Some(answered), None) = (inactivity.visitor_minutes, row.agent_at, row.waiting_since) {
            instants.push((after(answered, minutes), Due::Close));
        }
        if let Some(minutes) = inactivity.close_minutes {
            instants.push((after(last, minutes), Due::Close));
        }
    }
    if let Some((_, what)) = instants.iter().filter(|(at, _)| *at <= now).min_by_key(|(at, _)| *at) {
        return Some(Ok(*what));
    }
    if row.routing == Routing::Queued {
        instants.push((now.plus_seconds(QUEUED), Due::Serve));
    }
    let next = instants.into_iter().map(|(at, _)| at).min().unwrap_or_else(|| now.plus_seconds(LONGEST));
    Some(Err(next.min(now.plus_seconds(LONGEST))))
}

/// Does what is due; answers when to look again.
///
/// # Errors
/// When the store fails.
pub async fn look(ctx: &Ctx, hub: &Hub, id: ConversationId) -> Result<Option<Timestamp>> {
    let row = conversations::get(ctx, id).await?;
    let inactivity = match row.group {
        Some(group) => groups::get(ctx, group).await.map(|group| group.settings.inactivity).unwrap_or_default(),
        None => Inactivity::default(),
    };
    if row.routing == Routing::Queued && row.state == State::Open {
        routing::serve(ctx, hub).await?;
    }
    let row = conversations::get(ctx, id).await?;
    match due(&row, inactivity, ctx.now()) {
        None => Ok(None),
        Some(Err(at)) => Ok(Some(at)),
        Some(Ok(what)) => {
            act(ctx, hub, id, (what, inactivity)).await?;
            Ok(Some(ctx.now().plus_seconds(1)))
        }
    }
}

async fn act(ctx: &Ctx, hub: &Hub, id: ConversationId, (what, inactivity): (Due, Inactivity)) -> Result<()> {
    if what == Due::Close {
        conversations::close(ctx, hub, id, EndedBy::Inactivity).await?;
        return Ok(());
    }
    let done = raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        // Looked at again within the change: somebody may have answered meanwhile.
        if due(&work.row, inactivity, ctx.now()) != Some(Ok(what)) {
            return Ok(None);
        }
        match what {
            Due::Wake => {
                (work.row.state, work.row.snoozed_until) = (State::Open, None);
                work.touch();
                work.add(NewEvent::system("woke").for_agents());
            }
            Due::HandOn => {
                let (before, group) = (work.row.assignee, work.row.group);
                work.count(What::Transferred, 0);
                conversations::take_over(&mut work, None);
                work.add(NewEvent::system("agent_left"));
                // The next one has the whole time.
                work.row.waiting_since = Some(ctx.now());
                match group {
                    Some(group) => routing::place_in(&mut work, group, before).await?,
                    None => routing::place(&mut work).await?,
                }
            }
            Due::Close | Due::Serve => {}
        }
        work.commit(hub).await.map(Some)
    })
    .await?;
    if let Some(done) = done {
        routing::after(ctx, hub, &done.row).await;
    }
    Ok(())
}
