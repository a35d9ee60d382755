//! The worker: one person's messages in their order; claim, ask the gate once more, hand over, record.

use kernel::{ChannelId, ContactId, DeliveryId, Timestamp};
use privacy::gate::{Grant, Recheck, SendPermit, record_sent};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, Blind, BoxFuture, Core, Ctx, NewJob, params};

use super::channels::{self, Access, Channel};
use super::client::{Answer, Apps};
use super::keep::{self, told};
use super::model::{App, MessageState};
use super::queries as sql;
use super::wire::{Call, Reply, messenger, telegram, whatsapp};
use super::{persons, states};
use crate::Result;

/// The queue whose jobs hand over messages. Payload: `channel`, `address`.
pub const QUEUE: &str = "chat_app.send";
/// Seconds a worker may hold a message; longer than the two requests that one may take.
const LEASE: i64 = 180;
/// For how long a message is tried, in seconds.
const PATIENCE: i64 = 86_400;
/// Most messages of one person in one run.
const RUN: usize = 50;

/// Hands over messages.
pub struct SendChats(Apps);

impl SendChats {
    /// A handler over the process's apps.
    pub fn new(apps: Apps) -> Self {
        Self(apps)
    }
}

impl Handler for SendChats {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let read = |name: &str| job.payload[name].as_str().ok_or("the job lacks a field");
            let channel: ChannelId = read("channel")?.parse().map_err(|_| "no channel")?;
            let address = data_encoding::HEXLOWER.decode(read("address")?.as_bytes()).map_err(|_| "no address")?;
            let address: Blind = address.try_into().map_err(|_| "no address")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            all(&self.0, &ctx, channel, address).await.map_err(|error| error.problem().code.as_str().to_owned())
        })
    }
}

store::row! {
    struct Next {
        id: DeliveryId,
        subject: ContactId,
        attempts: u32,
        due_at: Timestamp,
        lease_until: Timestamp,
        created_at: Timestamp,
        state: MessageState,
        sealed: Option<Vec<u8>>,
        file: Option<Vec<u8>>,
    }
}

/// How one attempt ended.
enum Ended {
    Taken { remote: String, grant: Grant },
    Over(MessageState, String),
    Back { reason: String, due: Timestamp },
}

async fn all(apps: &Apps, ctx: &Ctx, channel: ChannelId, address: Blind) -> Result<Outcome> {
    for _ in 0..RUN {
        let next: Option<Next> = ctx.db.opt(sql::NEXT, params![ctx.workspace, channel, address]).await?;
        let Some(next) = next else { return Ok(Outcome::Done) };
        let now = ctx.now();
        if next.state == MessageState::Sending {
            if next.lease_until > now {
                return Ok(Outcome::Again(next.lease_until));
            }
            states::doubtful(ctx, now).await?;
            continue;
        }
        if next.due_at > now {
            return Ok(Outcome::Again(next.due_at));
        }
        let mut batch = ctx.batch();
        batch.guard(sql::CLAIM, params![ctx.workspace, next.id, now.plus_seconds(LEASE)]);
        match ctx.db.apply(batch).await {
            // Another run has it.
            Err(store::Error::Guard(_)) => return Ok(Outcome::Again(now.plus_seconds(1))),
            other => other.map(|_| ())?,
        }
        let ended = one(apps, ctx, (channel, address), &next).await?;
        // What comes back stands first again: what stands behind it waits, because a conversation has an order.
        record(ctx, channel, &next, ended).await?;
    }
    Ok(Outcome::Again(ctx.now()))
}

async fn one(apps: &Apps, ctx: &Ctx, (channel, address): (ChannelId, Blind), next: &Next) -> Result<Ended> {
    let over = |state, reason: &str| Ok(Ended::Over(state, reason.to_owned()));
    let now = ctx.now();
    if next.created_at.plus_seconds(PATIENCE) <= now {
        return over(MessageState::Expired, "waited_too_long");
    }
    let Ok(channel) = channels::get(ctx, channel).await else {
        return over(MessageState::Failed, "channel_removed");
    };
    if !channel.active {
        return Ok(Ended::Back { reason: "channel_paused".to_owned(), due: now.plus_seconds(300) });
    }
    let access = channels::access_of(ctx, channel.id).await?;
    let keys = ctx.vault.subject(ctx.workspace, next.subject).await?;
    let opened =
        next.sealed.as_deref().map(|sealed| keep::open(ctx, (next.subject, &keys), sealed, next.file.as_deref()));
    let Some(Ok(kept)) = opened else { return over(MessageState::Cancelled, "erased") };
    let person = persons::known(ctx, channel.id, address).await?;
    let window = keep::until(&channel, person.as_ref().and_then(|person| person.wrote_at));
    if channel.app.window().is_some() && kept.words.template.is_none() && window.is_none_or(|until| until <= now) {
        return over(MessageState::Failed, "window_closed");
    }
    let late = late(&channel, person.and_then(|person| person.wrote_at), now);
    // A file goes up before its message: it has reached nobody by then, so no permit is held meanwhile.
    let media = match whatsapp::upload(&channel.settings.account, &kept.words) {
        Some(call) if channel.app == App::Whatsapp => match uploaded(apps.call(ctx, &channel, &access, call).await) {
            Ok(media) => Some(media),
            Err(reply) => return after(ctx, &channel, next, reply).await,
        },
        _ => None,
    };
    let check = Recheck { delivery: next.id, ask: keep::ask(&channel, (next.subject, address), &kept.words) };
    let permit = match apps.gate().recheck_many(ctx, vec![check]).await?.pop() {
        Some(Ok(permit)) => permit,
        Some(Err(denial)) => {
            return Ok(match denial.until {
                Some(until) => Ended::Back { reason: denial.reason, due: until },
                None => Ended::Over(MessageState::Denied, denial.reason),
            });
        }
        None => return Ok(Ended::Back { reason: "permit_lost".to_owned(), due: now }),
    };
    let call = match channel.app {
        App::Whatsapp => whatsapp::message(&channel.settings.account, &kept.to, &kept.words, media.as_deref()),
        App::Messenger => messenger::message(&channel.settings.account, &kept.to, &kept.words, late),
        App::Telegram => telegram::message(&kept.to, &kept.words),
    };
    hand_over(apps, ctx, (&channel, &access), (next, permit, call)).await
}

/// Whether the day in which anybody may be answered is over.
fn late(channel: &Channel, wrote_at: Option<Timestamp>, now: Timestamp) -> bool {
    let day = channel.app.window().unwrap_or(i64::MAX / 2_000_000);
    wrote_at.is_none_or(|at| at.plus_seconds(day) <= now)
}

/// The one place where a message goes to an app's server: it takes the permit by value.
async fn hand_over(
    apps: &Apps,
    ctx: &Ctx,
    (channel, access): (&Channel, &Access),
    (next, permit, call): (&Next, SendPermit, Call),
) -> Result<Ended> {
    let grant = permit.grant().clone();
    let Ok(_handover) = permit.begin(ctx.now()) else {
        return Ok(Ended::Back { reason: "permit_lost".to_owned(), due: ctx.now() });
    };
    let reply = match apps.call(ctx, channel, access, call).await {
        Answer::Got(status, json) => match channel.app {
            App::Whatsapp => whatsapp::reply(status, &json),
            App::Messenger => messenger::reply(status, &json),
            App::Telegram => telegram::reply(status, &json),
        },
        Answer::NotStarted(why) => Reply::Later { reason: why.to_owned(), after: None },
        Answer::Lost => Reply::Unclear,
    };
    match reply {
        Reply::Taken(remote) => Ok(Ended::Taken { remote, grant }),
        other => after(ctx, channel, next, other).await,
    }
}

/// The id of a file that was uploaded, or why there is none.
fn uploaded(answer: Answer) -> std::result::Result<String, Reply> {
    match answer {
        Answer::Got(200..=299, json) => {
            let id = json["id"].as_str().map(str::to_owned);
            id.ok_or_else(|| Reply::Later { reason: "app_unavailable".to_owned(), after: None })
        }
        Answer::Got(status, json) => Err(match super::wire::graph_refused(status, &json) {
            // Nobody has seen it: it is uploaded again.
            Reply::Unclear => Reply::Later { reason: "app_unavailable".to_owned(), after: None },
            other => other,
        }),
        Answer::NotStarted(why) => Err(Reply::Later { reason: why.to_owned(), after: None }),
        Answer::Lost => Err(Reply::Later { reason: "unreachable".to_owned(), after: None }),
    }
}

/// What an answer other than "taken" means for the message and its account.
async fn after(ctx: &Ctx, channel: &Channel, next: &Next, reply: Reply) -> Result<Ended> {
    let now = ctx.now();
    // Doubling from two seconds to ten minutes, with a little spread.
    let wait = (2i64 << next.attempts.min(9)).min(600) + i64::from(next.id.0[15] % 3);
    Ok(match reply {
        Reply::Later { reason, after } => {
            let wait = after.filter(|after| (1..=PATIENCE).contains(after)).unwrap_or(wait);
            Ended::Back { reason, due: now.plus_seconds(wait) }
        }
        Reply::Token => {
            channels::checked(ctx, channel.id, Some("token")).await?;
            Ended::Back { reason: "token".to_owned(), due: now.plus_seconds(300) }
        }
        Reply::Refused(reason) => {
            if reason == "account_blocked" || reason == "account_unpaid" {
                channels::checked(ctx, channel.id, Some("blocked")).await?;
            }
            Ended::Over(MessageState::Failed, reason)
        }
        Reply::Unclear | Reply::Taken(_) => Ended::Over(MessageState::InDoubt, "response_lost".to_owned()),
    })
}

async fn record(ctx: &Ctx, channel: ChannelId, next: &Next, ended: Ended) -> Result<()> {
    let now = ctx.now();
    let mut batch = ctx.batch();
    let who = (next.id, next.subject);
    let mut taken = None;
    match ended {
        Ended::Taken { remote, grant } => {
            record_sent(&mut batch, ctx, next.subject, &grant, now);
            let mark = states::mark(ctx.keys().await?.as_ref(), &remote);
            let basis = grant.basis.map_or("", |basis| basis.as_str());
            let about = params![ctx.workspace, next.id, mark, now, grant.rule, grant.pack, basis, grant.event];
            batch.push(sql::SENT, about);
            batch.feed(told(MessageState::Sent, who, ""));
            taken = Some(mark);
        }
        Ended::Over(state, reason) => {
            batch.push(sql::END, params![ctx.workspace, next.id, state, reason.as_str(), now]);
            batch.feed(told(state, who, &reason));
        }
        Ended::Back { reason, due } => batch.push(sql::BACK, params![ctx.workspace, next.id, reason, due]),
    }
    ctx.db.apply(batch).await?;
    // What became of it may have been told before the answer to the request was read.
    if let Some(mark) = taken {
        states::catch_up(ctx, channel, mark).await?;
    }
    Ok(())
}

/// After a start: messages whose worker died are in doubt and not sent again, and what waits has its job.
/// `alone_since` is this process's start when it is known that no other one lives.
///
/// # Errors
/// The store's.
pub async fn recover(core: &Core, alone_since: Option<Timestamp>) -> Result<()> {
    for workspace in core.vault.workspaces().await? {
        let ctx = core.ctx(workspace, Actor::System);
        let until = alone_since.map_or(ctx.now(), |started| started.plus_seconds(LEASE));
        states::doubtful(&ctx, until).await?;
        let waiting: Vec<(ChannelId, Blind)> = core.db.all(sql::OPEN_LINES, params![workspace]).await?;
        let mut batch = ctx.batch();
        for (channel, address) in waiting {
            let job: NewJob = keep::job(channel, address);
            batch.job(job);
        }
        core.db.apply(batch).await?;
    }
    Ok(())
}
