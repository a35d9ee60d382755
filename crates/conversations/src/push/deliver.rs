//! Who is told, and telling them. One job decides for a conversation, at most every half minute; one job per browser
//! carries it there, so that a browser that cannot be reached holds nobody else up.

use std::collections::{BTreeSet, HashMap};

use kernel::{ConversationId, PushId, Timestamp, UserId};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, NewJob};

use super::Push;
use super::crypt::{Sender, encrypt};
use super::subscriptions::{self, Subscription};
use crate::agents::{self, Status};
use crate::conversations::{self, Conversation};
use crate::hub::Hub;
use crate::model::State;
use crate::work::Work;
use crate::{Error, Result, events, groups, words};

/// The queue of conversations of which somebody is to be told. Payload: `conversation`.
pub const QUEUE: &str = "conversation.push";
/// The queue of browsers. Payload: `subscription`, `conversation`, `words`.
pub const DELIVER_QUEUE: &str = "conversation.push_deliver";
/// Between two pushes about one conversation, in seconds.
const PAUSE: i64 = 30;
/// Words that come one after another are one push: so long it is waited, in seconds.
const GATHER: i64 = 2;
/// How long a push service keeps a push for a browser that is off, in seconds.
const LIFE: u32 = 4 * 3600;
/// Members that are told of one conversation.
const MOST: usize = 50;
/// Conversations whose last push is remembered.
const REMEMBERED: usize = 10_000;
/// Seconds after which a push service that could not take it is asked again.
const AGAIN: [i64; 4] = [10, 60, 300, 1800];

/// The person wrote: whoever is to answer is told, if anybody wants to be.
pub(crate) async fn wants(work: &mut Work) -> Result<()> {
    if !subscriptions::any(work.ctx()).await? {
        return Ok(());
    }
    let (id, at) = (work.row.id, work.ctx().now().plus_seconds(GATHER));
    work.batch.job(NewJob::now(QUEUE, json!({ "conversation": id })).key(id.to_string()).at(at));
    Ok(())
}

/// Whom a conversation concerns: who has it, or everybody of its group who has not gone home.
async fn concerned(ctx: &Ctx, row: &Conversation) -> Result<BTreeSet<UserId>> {
    if let Some(user) = row.assignee {
        return Ok([user].into());
    }
    let there: BTreeSet<UserId> = agents::list(ctx)
        .await?
        .into_values()
        .filter(|one| one.status != Status::Offline)
        .map(|one| one.user)
        .collect();
    let group = match row.group {
        Some(id) => groups::list(ctx).await?.into_iter().find(|group| group.id == id),
        None => None,
    };
    Ok(match group {
        Some(group) => there.into_iter().filter(|user| group.members.contains_key(user)).take(MOST).collect(),
        None => there.into_iter().take(MOST).collect(),
    })
}

/// Decides who is told: the queue [`QUEUE`].
pub struct DecideJob {
    hub: Hub,
    told: Mutex<HashMap<ConversationId, Timestamp>>,
}

impl DecideJob {
    /// A handler over the process's hub.
    pub fn new(hub: Hub) -> Self {
        Self { hub, told: Mutex::default() }
    }

    /// The instant before which nothing more is pushed about a conversation.
    fn not_before(&self, id: ConversationId, now: Timestamp) -> Option<Timestamp> {
        let mut told = self.told.lock();
        if told.len() >= REMEMBERED {
            told.retain(|_, at| at.plus_seconds(PAUSE) > now);
        }
        let until = told.get(&id).map(|at| at.plus_seconds(PAUSE)).filter(|until| *until > now);
        if until.is_none() {
            told.insert(id, now);
        }
        until
    }

    async fn decide(&self, ctx: &Ctx, id: ConversationId) -> Result<Outcome> {
        let row = conversations::get(ctx, id).await?;
        if row.state == State::Closed || row.bot.is_some() {
            return Ok(Outcome::Done);
        }
        let here = self.hub.agents_here(ctx.workspace);
        let mut to: Vec<(UserId, PushId)> = Vec::new();
        for user in concerned(ctx, &row).await? {
            // Whoever has the inbox open hears it there; whoever has read it knows.
            let read = conversations::seen_by(ctx, &row, user.0).await?;
            if here.contains(&user) || events::count_from_visitor(ctx, &[(id, read)]).await? == [0] {
                continue;
            }
            to.extend(subscriptions::of(ctx, user).await?.into_iter().map(|one| (user, one.id)));
        }
        if to.is_empty() {
            return Ok(Outcome::Done);
        }
        if let Some(until) = self.not_before(id, ctx.now()) {
            return Ok(Outcome::Again(until));
        }
        let mut batch = ctx.batch();
        for (user, subscription) in to {
            let words = if row.assignee == Some(user) { "push.message" } else { "push.queue" };
            let payload = json!({ "subscription": subscription, "conversation": id, "words": words });
            batch.job(NewJob::now(DELIVER_QUEUE, payload).key(format!("{subscription}/{id}")));
        }
        ctx.db.apply(batch).await?;
        Ok(Outcome::Done)
    }
}

impl Handler for DecideJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id: Option<ConversationId> = job.payload["conversation"].as_str().and_then(|text| text.parse().ok());
            let Some(id) = id else { return Ok(Outcome::Done) };
            let ctx = core.ctx(job.workspace, Actor::System);
            match self.decide(&ctx, id).await {
                Err(Error::NotFound(_) | Error::Store(store::Error::KeyDestroyed)) => Ok(Outcome::Done),
                other => other.map_err(|error| error.problem().code.as_str().to_owned()),
            }
        })
    }
}

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// The push service has it.
    Taken(u16),
    /// There is no such browser any more.
    Gone(u16),
    /// It may be tried again.
    Later(u16),
    /// It will not be taken.
    Refused(u16),
}

/// What became of a push that was asked for.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Which browser.
    pub subscription: PushId,
    /// What the push service answered; 0 when it could not be reached.
    pub status: u16,
    /// It was taken.
    pub taken: bool,
}

impl Push {
    async fn send(&self, ctx: &Ctx, to: &Subscription, (about, topic): (&Json, &str)) -> Result<Ended> {
        let Ok(url) = self.client.check(&to.target.endpoint) else { return Ok(Ended::Refused(0)) };
        let broken = |_| Error::Corrupt("push key");
        let (point, auth) = to.target.keys()?;
        let body = encrypt(about.to_string().as_bytes(), (&point, &auth), ctx.rng.as_ref()).map_err(broken)?;
        let sender = Sender::of(&ctx.vault).map_err(broken)?;
        let audience = url.origin().ascii_serialization();
        let authorization = sender.authorization(&audience, &self.contact, ctx.now()).map_err(broken)?;
        let request = self.client.client().post(url);
        let request = request.header("authorization", authorization).header("content-encoding", "aes128gcm");
        let request = request.header("content-type", "application/octet-stream");
        let request = request.header("ttl", LIFE).header("urgency", "high").header("topic", topic);
        let status = match request.body(body).send().await {
            Ok(answer) => answer.status().as_u16(),
            Err(_) => return Ok(Ended::Later(0)),
        };
        Ok(match status {
            200..=299 => Ended::Taken(status),
            404 | 410 => Ended::Gone(status),
            429 | 500..=599 => Ended::Later(status),
            _ => Ended::Refused(status),
        })
    }

    async fn note(&self, ctx: &Ctx, to: &Subscription, ended: Ended) -> Result<()> {
        match ended {
            Ended::Gone(_) => subscriptions::gone(ctx, to.id).await,
            Ended::Taken(status) | Ended::Later(status) | Ended::Refused(status) => {
                subscriptions::answered(ctx, to.id, status).await
            }
        }
    }

    /// Tells every browser of a member that it works.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn test(&self, ctx: &Ctx, member: UserId) -> Result<Vec<Tested>> {
        let mut out = Vec::new();
        for one in subscriptions::of(ctx, member).await? {
            let about = json!({ "kind": "test", "title": words::get(&one.target.language, "push.test"),
                "body": "", "url": "/", "tag": "test", "workspace": ctx.workspace });
            let ended = self.send(ctx, &one, (&about, "test")).await?;
            self.note(ctx, &one, ended).await?;
            let (Ended::Taken(status) | Ended::Gone(status) | Ended::Later(status) | Ended::Refused(status)) = ended;
            out.push(Tested { subscription: one.id, status, taken: matches!(ended, Ended::Taken(_)) });
        }
        Ok(out)
    }
}

/// Carries pushes to browsers: the queue [`DELIVER_QUEUE`].
pub struct DeliverJob(Push);

impl DeliverJob {
    /// A handler.
    pub fn new(push: Push) -> Self {
        Self(push)
    }

    async fn deliver(&self, ctx: &Ctx, job: &Job) -> Result<Outcome> {
        let read = |name: &str| job.payload[name].as_str();
        let subscription: Option<PushId> = read("subscription").and_then(|text| text.parse().ok());
        let conversation: Option<ConversationId> = read("conversation").and_then(|text| text.parse().ok());
        let (Some(subscription), Some(conversation)) = (subscription, conversation) else { return Ok(Outcome::Done) };
        let Some(to) = subscriptions::find(ctx, subscription).await? else { return Ok(Outcome::Done) };
        let title = words::get(&to.target.language, read("words").unwrap_or("push.message"));
        // Where to look, and nothing of what was said or by whom.
        let about = json!({ "kind": "message", "title": title, "body": "", "url": format!("/inbox/{conversation}"),
            "tag": conversation, "conversation": conversation, "workspace": ctx.workspace });
        let topic = crate::encryption::encoded(&conversation.0);
        let ended = self.0.send(ctx, &to, (&about, &topic)).await?;
        self.0.note(ctx, &to, ended).await?;
        let tried = usize::try_from(job.payload["tried"].as_u64().unwrap_or_default()).unwrap_or(AGAIN.len());
        if let (Ended::Later(_), Some(pause)) = (ended, AGAIN.get(tried)) {
            let mut payload = job.payload.clone();
            payload["tried"] = json!(tried + 1);
            let mut batch = ctx.batch();
            let key = format!("{subscription}/{conversation}/{}", tried + 1);
            batch.job(NewJob::now(DELIVER_QUEUE, payload).key(key).at(ctx.now().plus_seconds(*pause)));
            ctx.db.apply(batch).await?;
        }
        Ok(Outcome::Done)
    }
}

impl Handler for DeliverJob {
    fn queue(&self) -> &'static str {
        DELIVER_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            self.deliver(&ctx, &job).await.map_err(|error| error.problem().code.as_str().to_owned())
        })
    }
}
