//! The workers: claim, ask the gate once more, hand over, record.

use std::str::FromStr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use kernel::Timestamp;
use outbound::RunState;
use privacy::gate::{Ask, ContentMeta, Denial, Grant, Recheck, SendPermit};
use privacy::vocabulary::{Channel, Purpose};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, SubjectKeys, params};

use super::content::{Content, OUTGOING};
use super::hand_over::{Handed, Parcel, Tried, hand_over, routes};
use super::model::{Claimed, MessageState};
use super::queries as sql;
use super::record::record;
use super::service::Sms;
use crate::Result;

/// The queue whose jobs send a workspace's messages.
pub const QUEUE: &str = "sms.send";
/// Messages under way at the same time.
const PARALLEL: usize = 256;
/// Most messages claimed at once, so that permits are fresh when their turn comes.
const CLAIM: usize = 64;
/// Seconds after which a slice of work gives its job back.
const SLICE: i64 = 45;
/// How long a finished hand-over waits for others to share its commit with.
const TOGETHER: Duration = Duration::from_millis(5);
/// Seconds a worker may hold a message; longer than every time-out of a hand-over together.
pub(super) const LEASE: i64 = 900;

/// How one attempt ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The wire answered, or a trial was played.
    Handed { handed: Handed, tried: Tried, grant: Grant },
    /// The gate said no at the last moment, or not yet.
    Denied(Denial),
    /// Its campaign was paused meanwhile.
    Paused,
    /// Its campaign was cancelled meanwhile.
    Cancelled,
    /// Its validity ended while it waited.
    Expired,
    /// The person was erased: there is nothing to send.
    Erased,
}

/// Sends messages.
pub struct SendMessages(Sms);

impl SendMessages {
    /// A handler over the process's messages.
    pub fn new(sms: Sms) -> Self {
        Self(sms)
    }
}

impl Handler for SendMessages {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            slice(&self.0, &ctx).await.map_err(|error| error.to_string())
        })
    }
}

type Flying<'a> = FuturesUnordered<BoxFuture<'a, (Claimed, Ended)>>;

async fn slice(sms: &Sms, ctx: &Ctx) -> Result<Outcome> {
    super::record::end_overdue(ctx).await?;
    let until = ctx.now().plus_seconds(SLICE);
    let mut flying = Flying::new();
    loop {
        // Listening starts before looking, so that no message in between is missed.
        let accepted = sms.accepted().notified();
        let mut ended = Vec::new();
        let room = PARALLEL - flying.len().min(PARALLEL);
        let open = ctx.now() < until && !sms.is_closing();
        if room >= CLAIM && open {
            let claimed = claim(ctx, CLAIM).await?;
            ended = launch(sms, ctx, claimed, &mut flying).await?;
        }
        if flying.is_empty() && ended.is_empty() {
            let quiet = tokio::time::timeout(Duration::from_millis(250), accepted).await.is_err();
            if quiet || !open {
                return after(ctx).await;
            }
            continue;
        }
        if ended.is_empty() {
            ended.extend(flying.next().await);
        }
        while let Ok(Some(one)) = tokio::time::timeout(TOGETHER, flying.next()).await {
            ended.push(one);
        }
        record(ctx, ended).await?;
    }
}

/// When the job is due again: the next message that waits, or the next that may be overdue.
async fn after(ctx: &Ctx) -> Result<Outcome> {
    let mut next: Option<Timestamp> = None;
    for state in [MessageState::Queued, MessageState::Sent] {
        let (due,): (Option<Timestamp>,) = ctx.db.one(sql::NEXT_DUE, params![ctx.workspace, state]).await?;
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next.map_or(Outcome::Done, Outcome::Again))
}

async fn claim(ctx: &Ctx, limit: usize) -> Result<Vec<Claimed>> {
    let (workspace, now) = (ctx.workspace, ctx.now());
    let values = params![workspace, now, limit, now.plus_seconds(LEASE), MessageState::Sending, MessageState::Queued];
    Ok(ctx.db.returning(sql::CLAIM, values).await?)
}

/// Starts one attempt at each claimed message; answers those that ended without a hand-over.
async fn launch(sms: &Sms, ctx: &Ctx, claimed: Vec<Claimed>, flying: &mut Flying<'_>) -> Result<Vec<(Claimed, Ended)>> {
    let contacts: Vec<_> = claimed.iter().map(|claimed| claimed.contact).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &contacts).await?;
    let (mut ended, mut checks, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    let stopped = super::runs::stopped(ctx, claimed.iter().filter_map(|claimed| claimed.source)).await?;
    for (claimed, keys) in claimed.into_iter().zip(&keys) {
        match claimed.source.and_then(|source| stopped.get(&source)) {
            Some(RunState::Paused) => {
                ended.push((claimed, Ended::Paused));
                continue;
            }
            Some(_) => {
                ended.push((claimed, Ended::Cancelled));
                continue;
            }
            None => {}
        }
        match open(ctx, &claimed, keys) {
            Some(content) if claimed.expires_at > ctx.now() => {
                checks.push(Recheck { delivery: claimed.id, ask: ask(&claimed, &content) });
                ready.push((claimed, content));
            }
            Some(_) => ended.push((claimed, Ended::Expired)),
            None => ended.push((claimed, Ended::Erased)),
        }
    }
    let answers = sms.gate().recheck_many(ctx, checks).await?;
    let open = routes(sms.live(), ctx.workspace);
    for ((claimed, content), answer) in ready.into_iter().zip(answers) {
        let permit = match answer {
            Ok(permit) => permit,
            Err(denial) => {
                ended.push((claimed, Ended::Denied(denial)));
                continue;
            }
        };
        let grant = permit.grant().clone();
        if claimed.trial {
            ended.push(played(claimed, permit, ctx.now()));
            continue;
        }
        let mut dice = [0; 8];
        ctx.rng.fill(&mut dice);
        let Ok(originator) = claimed.originator.parse() else {
            ended.push((claimed, Ended::Erased));
            continue;
        };
        let parcel = Parcel {
            content,
            originator,
            network: claimed.network.clone(),
            expires_at: claimed.expires_at,
            now: ctx.now(),
            dice: u64::from_be_bytes(dice),
        };
        let open = open.clone();
        flying.push(Box::pin(async move {
            let (handed, tried) = hand_over(&open, permit, parcel).await;
            (claimed, Ended::Handed { handed, tried, grant })
        }));
    }
    Ok(ended)
}

/// A trial takes the gate's way to the end, and leaves nothing.
fn played(claimed: Claimed, permit: SendPermit, now: Timestamp) -> (Claimed, Ended) {
    let grant = permit.grant().clone();
    let handed = match permit.begin(now) {
        Ok(_) => Handed::Begun { route: kernel::RouteId([0; 16]), parts: Vec::new() },
        Err(_) => Handed::PermitLost,
    };
    (claimed, Ended::Handed { handed, tried: Tried::new(), grant })
}

fn open(ctx: &Ctx, claimed: &Claimed, keys: &SubjectKeys) -> Option<Content> {
    Content::open(ctx, (claimed.contact, OUTGOING), keys, claimed.sealed.as_deref()?).ok()
}

fn ask(claimed: &Claimed, content: &Content) -> Ask {
    Ask {
        subject: claimed.contact,
        address: claimed.address,
        domain: claimed.address,
        channel: Channel::Sms,
        purpose: Purpose::from_str(&claimed.purpose).unwrap_or(Purpose::MARKETING),
        topic: claimed.topic,
        content: ContentMeta {
            hash: Content::hash(&content.text, &claimed.originator),
            missing: Vec::new(),
            promotional: false,
        },
        sender_verified: true,
    }
}

/// A route was opened or leads elsewhere now: what waited for one is tried once its binds have had time to open.
pub(super) async fn routed(ctx: &Ctx) -> Result<()> {
    let at = ctx.now().plus_seconds(5);
    let mut batch = ctx.batch();
    batch.push(sql::ROUTED, params![ctx.workspace, at, MessageState::Queued]);
    batch.job(store::NewJob::now(QUEUE, serde_json::json!({})).key("all").at(at));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// After a start: messages whose worker died are in doubt and not sent again, and every workspace with
/// messages has its job. `alone_since` is this process's start when it is known that no other one lives.
///
/// # Errors
/// The store's.
pub async fn recover(core: &Core, alone_since: Option<Timestamp>) -> Result<u64> {
    let mut doubtful = 0;
    for workspace in core.vault.workspaces().await? {
        let ctx = core.ctx(workspace, Actor::System);
        doubtful += super::record::recover(&ctx, alone_since).await?;
        let mut batch = ctx.batch();
        batch.job(store::NewJob::now(QUEUE, serde_json::json!({})).key("all"));
        core.db.apply(batch).await?;
    }
    Ok(doubtful)
}
