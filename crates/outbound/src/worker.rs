//! The workers that send a run's deliveries: claim, ask once more, render, hand over, record.

use std::sync::Arc;
use std::time::Duration;

use content::{Recipient, RenderError, Rendered, Version, VersionId};
use kernel::{Locale, Pii, RawId, Timestamp};
use privacy::gate::{Ask, ContentMeta, Denial, Recheck, SendPermit};
use privacy::vocabulary::{Channel as Kind, Purpose};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, NewJob, SubjectKeys, params};
use tokio::task::JoinSet;

use crate::channel::{Channel, Envelope, ListHeaders, Sent};
use crate::deliveries::{Addressee, Claimed, DeliveryState, Ended, Run, RunState, claim, queries as sql, record};
use crate::runs::{self, SEND_QUEUE};
use crate::service::Outbound;
use crate::tracking::DeliveryLinks;
use crate::{Error, Result};

/// Workers of one run.
const WORKERS: usize = 6;
/// Seconds after which a slice of work gives its job back, well within the job's lease.
const SLICE: i64 = 45;
/// How long a finished hand-over waits for others to share its commit with.
const TOGETHER: Duration = Duration::from_millis(5);

const STOPPED: Error = Error::State("a worker stopped unexpectedly");

/// Sends runs.
pub struct SendJob(Outbound);

impl SendJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for SendJob {
    fn queue(&self) -> &'static str {
        SEND_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let source = runs::source_of(&job.payload).ok_or("the job names no run")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            slice(&self.0, &ctx, source).await.map_err(|error| error.to_string())
        })
    }
}

/// What stays the same for all workers of a slice.
struct Slice {
    run: Run,
    version: Version,
    channel: Arc<dyn Channel>,
    sender_verified: bool,
    keys: Arc<store::WorkspaceKeys>,
    content: ContentMeta,
    frame: content::Sender,
    until: Timestamp,
}

async fn slice(outbound: &Outbound, ctx: &Ctx, source: RawId) -> Result<Outcome> {
    let run = runs::get(ctx, source).await?;
    if run.state != RunState::Running {
        return Ok(Outcome::Done);
    }
    let now = ctx.now();
    if now < run.not_before {
        return Ok(Outcome::Again(run.not_before));
    }
    if run.channel == Kind::Sms {
        return texts(outbound, ctx, run).await;
    }
    let channel = outbound.channels().get(run.channel).ok_or(Error::NoChannel(run.channel))?;
    let version = outbound.versions().load(ctx, VersionId(run.content)).await?;
    let slice = Arc::new(Slice {
        sender_verified: channel.sender_verified(ctx.workspace, &run.settings.sender).await,
        channel: Arc::clone(channel),
        keys: ctx.keys().await?,
        content: ContentMeta {
            hash: run.content_hash,
            missing: run.settings.missing.iter().filter_map(|code| crate::content_code(code)).collect(),
            promotional: false,
        },
        frame: run.settings.frame(now.date()),
        until: now.plus_seconds(SLICE),
        version,
        run,
    });
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(outbound.clone(), ctx.clone(), Arc::clone(&slice)));
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|_| STOPPED)??;
    }
    after(ctx, source).await
}

/// Texts are sent by their own channel; what is left to do here is to see when all of a run's have left.
async fn texts(outbound: &Outbound, ctx: &Ctx, run: Run) -> Result<Outcome> {
    let counts = outbound.texts()?.counts(ctx, run.source).await.map_err(store::Error::Refused)?;
    if !(run.complete && counts.settled()) {
        // The more there are, the longer they take, and the dearer it is to count them.
        let waiting = i64::try_from((counts.queued + counts.sending) / 1000).unwrap_or(60);
        return Ok(Outcome::Again(ctx.now().plus_seconds(waiting.clamp(2, 60))));
    }
    finish(ctx, run.source).await
}

/// What is next once the workers found nothing due, or their time was over.
async fn after(ctx: &Ctx, source: RawId) -> Result<Outcome> {
    let run = runs::get(ctx, source).await?;
    if run.state == RunState::Cancelled {
        let mut batch = ctx.batch();
        runs::cancel_waiting(&mut batch, ctx, source);
        ctx.db.apply(batch).await?;
    }
    if run.state != RunState::Running {
        return Ok(Outcome::Done);
    }
    let next: (Option<Timestamp>,) =
        ctx.db.one(sql::NEXT_DUE, params![ctx.workspace, source, DeliveryState::Queued]).await?;
    if let Some(due) = next.0 {
        return Ok(Outcome::Again(due));
    }
    if !run.complete {
        return Ok(Outcome::Again(ctx.now().plus_seconds(1)));
    }
    if !runs::counts(ctx, source).await?.settled() {
        // Another node has the rest in its hands.
        return Ok(Outcome::Again(ctx.now().plus_seconds(5)));
    }
    finish(ctx, source).await
}

async fn finish(ctx: &Ctx, source: RawId) -> Result<Outcome> {
    let (queue,): (String,) = ctx.db.one(sql::FINISH_QUEUE, params![ctx.workspace, source]).await?;
    let mut batch = ctx.batch();
    batch.guard(sql::FINISH_RUN, params![ctx.workspace, source, RunState::Finished, ctx.now(), RunState::Running]);
    if !queue.is_empty() {
        batch.job(NewJob::now(queue, serde_json::json!({ "source": runs::hex(source) })));
    }
    ctx.db.apply(batch).await?;
    Ok(Outcome::Done)
}

/// Hand-overs under way. A slow mail server keeps only its own message waiting. Each is a task of its own: one
/// that holds a connection or a lock of the database goes on while the worker waits for the same.
type Flying = JoinSet<(Claimed, Ended)>;

async fn work(outbound: Outbound, ctx: Ctx, slice: Arc<Slice>) -> Result<()> {
    let most = slice.channel.parallel();
    let mut size = most;
    let mut rendered = Rendered::default();
    let mut flying = Flying::new();
    loop {
        // Listening starts before looking, so that no insert in between is missed.
        let enqueued = outbound.0.enqueued.notified();
        let run = runs::get(&ctx, slice.run.source).await?;
        let mut more = run.state == RunState::Running && ctx.now() < slice.until && !outbound.is_closing();
        let mut ended = Vec::new();
        if more && flying.len() <= size / 2 {
            let claimed = claim(&ctx, run.source, size - flying.len()).await?;
            more = !claimed.is_empty() || !run.complete;
            ended = launch(&outbound, &ctx, &slice, (claimed, &mut rendered), &mut flying).await?;
        }
        if flying.is_empty() && ended.is_empty() {
            if !more {
                return Ok(());
            }
            // More may be inserted any moment; other nodes are noticed when the time is over.
            let _ = tokio::time::timeout(Duration::from_millis(250), enqueued).await;
            continue;
        }
        gather(&mut flying, &mut ended).await?;
        let lost = ended.iter().any(|(_, end)| matches!(end, Ended::Channel { sent: Sent::PermitLost, .. }));
        // A slow next hop: fewer at a time, so that permits are still fresh when their turn comes.
        size = if lost { (size / 2).max(1) } else { (size * 2).min(most) };
        record(&ctx, &slice.run, ended).await?;
    }
}

/// Waits for a hand-over to end and takes those that end with it, so that they share a commit.
async fn gather(flying: &mut Flying, ended: &mut Vec<(Claimed, Ended)>) -> Result<()> {
    if ended.is_empty()
        && let Some(one) = flying.join_next().await
    {
        ended.push(one.map_err(|_| STOPPED)?);
    }
    while let Ok(Some(one)) = tokio::time::timeout(TOGETHER, flying.join_next()).await {
        ended.push(one.map_err(|_| STOPPED)?);
    }
    Ok(())
}

fn ask(slice: &Slice, claimed: &Claimed, purpose: Purpose) -> Ask {
    Ask {
        subject: claimed.contact,
        address: claimed.address,
        domain: claimed.domain,
        channel: slice.run.channel,
        purpose,
        topic: slice.run.topic,
        content: slice.content.clone(),
        sender_verified: slice.sender_verified,
    }
}

/// Who of the claimed may be tracked.
async fn tracked(outbound: &Outbound, ctx: &Ctx, slice: &Slice, claimed: &[Claimed]) -> Result<Vec<bool>> {
    if !slice.run.settings.track || slice.run.settings.list.is_none() {
        return Ok(vec![false; claimed.len()]);
    }
    let asks = claimed
        .iter()
        .map(|claimed| {
            let mut ask = ask(slice, claimed, Purpose::ENGAGEMENT_TRACKING);
            ask.topic = None;
            ask
        })
        .collect();
    Ok(outbound.gate().preview(ctx, asks).await?.into_iter().map(|answer| answer.is_ok()).collect())
}

/// Starts one attempt at each claimed delivery; answers those that ended without a hand-over.
async fn launch(
    outbound: &Outbound,
    ctx: &Ctx,
    slice: &Arc<Slice>,
    (claimed, rendered): (Vec<Claimed>, &mut Rendered),
    flying: &mut Flying,
) -> Result<Vec<(Claimed, Ended)>> {
    let contacts: Vec<_> = claimed.iter().map(|claimed| claimed.contact).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &contacts).await?;
    let tracked = tracked(outbound, ctx, slice, &claimed).await?;
    let checks = claimed
        .iter()
        .map(|claimed| Recheck { delivery: claimed.id, ask: ask(slice, claimed, slice.run.purpose.clone()) })
        .collect();
    let answers: Vec<std::result::Result<SendPermit, Denial>> = outbound.gate().recheck_many(ctx, checks).await?;
    // After the permits are in the book: an answer that comes now takes them back, one that came is seen.
    let halted = match slice.run.settings.series {
        Some(series) => privacy::halts::of(ctx, series.into(), &contacts).await?,
        None => vec![None; contacts.len()],
    };
    let mut ended = Vec::new();
    let each = claimed.into_iter().zip(answers).zip(keys).zip(tracked).zip(halted);
    for ((((claimed, answer), keys), tracked), halted) in each {
        let permit = match answer {
            _ if halted.is_some() => {
                ended.push((claimed, Ended::Halted));
                continue;
            }
            Ok(permit) => permit,
            Err(denial) => {
                ended.push((claimed, Ended::Denied(denial)));
                continue;
            }
        };
        match envelope(outbound, ctx, slice, (&claimed, &keys, tracked), rendered) {
            Ok(_) if !permit.covers(claimed.id, &claimed.address, &slice.version.hash) => {
                ended.push((claimed, Ended::Unrenderable("content_changed")));
            }
            Ok(envelope) => {
                let grant = permit.grant().clone();
                let channel = Arc::clone(&slice.channel);
                flying.spawn(async move {
                    let sent = channel.send(permit, envelope).await;
                    (claimed, Ended::Channel { sent, grant })
                });
            }
            Err(reason) => ended.push((claimed, Ended::Unrenderable(reason))),
        }
    }
    Ok(ended)
}

/// The message for one person.
fn envelope(
    outbound: &Outbound,
    ctx: &Ctx,
    slice: &Slice,
    (claimed, keys, tracked): (&Claimed, &SubjectKeys, bool),
    rendered: &mut Rendered,
) -> std::result::Result<Envelope, &'static str> {
    let sealed = claimed.sealed.as_deref().ok_or("erased")?;
    let to = Addressee::open(ctx, claimed.contact, keys, sealed).map_err(|_| "erased")?;
    let language: Option<Locale> = to.language.as_deref().and_then(|text| text.parse().ok());
    let compiled = slice.version.compiled.pick(language.as_ref());
    let links = DeliveryLinks::new(&slice.keys, outbound.public_url(), (ctx.workspace, claimed.id), tracked);
    let values = Recipient { values: &to.values, sender: &slice.frame };
    compiled.render(&values, &links, rendered).map_err(|error| match error {
        RenderError::MissingField(_) => "required_value_missing",
        RenderError::MissingSystem("reason for writing") => "reason_missing",
        RenderError::MissingSystem(_) => "not_renderable",
    })?;
    let list = slice.run.settings.list.as_ref().map(|label| ListHeaders {
        label: label.clone(),
        id: slice.run.topic.map_or_else(|| ctx.workspace.to_string(), |topic| topic.to_string()),
        unsubscribe: links.unsubscribe_url(),
        feedback: format!("{}:{}", kernel::CampaignId(slice.run.source), ctx.workspace),
    });
    Ok(Envelope {
        workspace: ctx.workspace,
        delivery: claimed.id,
        sender: Arc::new(slice.run.settings.sender.clone()),
        recipient: Pii::new(to.address),
        recipient_name: to.name.map(Pii::new),
        subject: Pii::new(rendered.subject.clone()),
        html: Some(Pii::new(rendered.html.clone())),
        text: Pii::new(rendered.text.clone()),
        language: compiled.language().clone(),
        thread: to.thread,
        list,
        invitation: to.invitation,
    })
}
