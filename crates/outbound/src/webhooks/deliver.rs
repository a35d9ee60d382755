//! The job that hands one message over, and what follows from how that ended.

use std::sync::Arc;

use accounts::audit;
use kernel::{EndpointId, Timestamp};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, Batch, BoxFuture, Core, Ctx, Feed, NewJob, Tx, params};

use super::endpoints::note_attempt;
use super::model::{EndpointState, Failure, MessageState, Shape};
use super::payload::{Told, body};
use super::queries::{self, EndpointRow, MessageRow};
use super::request::{self, Ended, Letter};
use super::{Result, Webhooks, appointlet, rules};

/// The queue of messages and replays.
pub const QUEUE: &str = "webhook";

/// Seconds after which a message looks again whether an earlier one of its object is done.
const BEHIND: i64 = 5;
/// The longest, in seconds, that a failing endpoint keeps its other messages from trying.
const LONGEST_HOLD: i64 = 600;

/// The job of a message. `round` counts replays, so that the job of an earlier round is never taken
/// for this one's.
pub(super) fn job(endpoint: EndpointId, seq: i64, round: i64) -> NewJob {
    NewJob::now(QUEUE, json!({ "endpoint": endpoint, "seq": seq, "round": round }))
        .key(format!("{endpoint}:{seq}:{round}"))
}

/// Starts the object's next message after one ended.
fn start_next(tx: &mut Tx<'_>, batch: &mut Batch, endpoint: EndpointId, message: &MessageRow) -> store::Result<()> {
    let values = params![batch.workspace(), endpoint, message.entity];
    if let Some((seq, round)) = tx.opt(queries::FIRST_WAITING, values)? {
        batch.job(job(endpoint, seq, round));
    }
    Ok(())
}

/// A message's last attempt.
struct Final {
    ended: Ended,
    /// Why the endpoint is to be disabled.
    disable: Option<&'static str>,
}

struct Deliver(Webhooks);

impl Handler for Deliver {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, _: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = self.0.core.ctx(job.workspace, Actor::System);
            let done = if job.payload.get("replay").is_some() {
                self.0.run_replay(&ctx, &job.payload).await
            } else {
                self.0.run_message(&ctx, &job.payload).await
            };
            done.map_err(|error| error.to_string())
        })
    }
}

impl Webhooks {
    /// What runs the queue [`QUEUE`].
    pub fn handler(&self) -> Arc<dyn Handler> {
        Arc::new(Deliver(self.clone()))
    }

    async fn run_message(&self, ctx: &Ctx, payload: &serde_json::Value) -> Result<Outcome> {
        let endpoint = payload["endpoint"].as_str().and_then(|id| id.parse::<EndpointId>().ok());
        let (Some(id), Some(seq)) = (endpoint, payload["seq"].as_i64()) else { return Ok(Outcome::Done) };
        let endpoint: Option<EndpointRow> = ctx.db.opt(queries::GET_ENDPOINT, params![ctx.workspace, id]).await?;
        let message: Option<MessageRow> = ctx.db.opt(queries::GET_MESSAGE, params![ctx.workspace, id, seq]).await?;
        let (Some(endpoint), Some(message)) = (endpoint, message) else { return Ok(Outcome::Done) };
        let current = payload["round"].as_i64() == Some(message.round);
        if !current || MessageState::read(&message.state) != MessageState::Waiting {
            return Ok(Outcome::Done);
        }
        if EndpointState::read(&endpoint.state) != EndpointState::Active {
            let mut batch = ctx.batch();
            batch.push(queries::HOLD_MESSAGES, params![ctx.workspace, id]);
            ctx.db.apply(batch).await?;
            return Ok(Outcome::Done);
        }
        if endpoint.hold_until > ctx.now() {
            return Ok(Outcome::Again(endpoint.hold_until.plus_micros(self.jitter(10 * Timestamp::SECOND))));
        }
        let first: Option<(i64, i64)> =
            ctx.db.opt(queries::FIRST_WAITING, params![ctx.workspace, id, message.entity]).await?;
        if first.is_some_and(|(first, _)| first < seq) {
            return Ok(Outcome::Again(ctx.now().plus_seconds(BEHIND)));
        }
        let ended = self.attempt(ctx, &endpoint, &message).await?;
        self.record(ctx, &endpoint, message, ended).await
    }

    fn jitter(&self, micros: i64) -> i64 {
        micros * i64::from(self.spread()) / 256
    }

    fn spread(&self) -> u8 {
        let mut byte = [0];
        self.core.rng.fill(&mut byte);
        byte[0]
    }

    async fn attempt(&self, ctx: &Ctx, endpoint: &EndpointRow, message: &MessageRow) -> Result<Ended> {
        let keys = ctx.keys().await?;
        // The operator may have taken the host off the list since the endpoint was made.
        let Ok(url) = self.client.check(&endpoint.url(&keys)?) else {
            let failure = Some(Failure::Blocked);
            return Ok(Ended { at: ctx.now(), millis: 0, status: None, failure, retry_after: None });
        };
        let data = serde_json::from_str(&message.data).unwrap_or_default();
        let told = Told {
            id: message.event,
            kind: &message.kind,
            at: message.at,
            workspace: ctx.workspace,
            entity: message.entity,
            data: &data,
        };
        let body = match Shape::read(endpoint.shape.as_deref()) {
            Shape::Barid => body(&told),
            Shape::Appointlet => appointlet::body(&told),
        };
        let letter = Letter { url, event: message.event, body, secrets: endpoint.secrets(&keys, ctx.now())? };
        Ok(request::post(&self.client, &self.core, letter).await)
    }

    async fn record(&self, ctx: &Ctx, endpoint: &EndpointRow, message: MessageRow, ended: Ended) -> Result<Outcome> {
        if ended.failure.is_none() {
            self.finish(ctx, endpoint.id, message, Final { ended, disable: None }).await?;
            return Ok(Outcome::Done);
        }
        let (now, first) = (ctx.now(), message.first_at.unwrap_or(ended.at));
        let next = rules::next_attempt(first, now, message.attempts + 1, self.spread(), ended.retry_after);
        let gone = ended.status == Some(410);
        if let (false, Some(at)) = (gone, next) {
            let mut batch = ctx.batch();
            note_attempt(&mut batch, &self.core, endpoint.id, message.event, &ended);
            batch.push(queries::MESSAGE_FAILED, params![ctx.workspace, endpoint.id, message.seq, ended.at, at]);
            batch.push(queries::ENDPOINT_FAILED, self.failed(ctx, endpoint, now));
            ctx.db.apply(batch).await?;
            return Ok(Outcome::Again(at));
        }
        // Nothing was accepted since this message was first tried: the endpoint itself is broken.
        let dead = endpoint.failing_since.is_some_and(|since| since <= first);
        let reason = if gone { Some("gone") } else { dead.then_some("failing") };
        self.finish(ctx, endpoint.id, message, Final { ended, disable: reason }).await?;
        Ok(Outcome::Done)
    }

    fn failed(&self, ctx: &Ctx, endpoint: &EndpointRow, now: Timestamp) -> Vec<store::Value> {
        let failures = endpoint.failures + 1;
        let hold = if failures >= rules::HOLD_FROM {
            now.plus_seconds(rules::delay(failures, self.spread()).min(LONGEST_HOLD))
        } else {
            Timestamp(0)
        };
        params![ctx.workspace, endpoint.id, now, hold]
    }

    /// Records the last attempt of a message and starts the object's next one; with a reason, the
    /// endpoint is disabled and everything that waits for it held.
    async fn finish(&self, ctx: &Ctx, id: EndpointId, message: MessageRow, last: Final) -> Result<()> {
        let Final { ended, disable } = last;
        let state = if ended.failure.is_none() { MessageState::Delivered } else { MessageState::Failed };
        let within = ctx.clone();
        let work = move |tx: &mut Tx<'_>| {
            let (ctx, now) = (&within, within.now());
            let done = params![ctx.workspace, id, message.seq, state.as_str(), ended.at, now];
            tx.exec(queries::MESSAGE_DONE, done)?;
            let mut batch = ctx.batch();
            note_attempt(&mut batch, ctx, id, message.event, &ended);
            if state == MessageState::Delivered {
                batch.push(queries::ENDPOINT_WORKS, params![ctx.workspace, id]);
            }
            if let Some(reason) = disable {
                batch.push(queries::DISABLE_ENDPOINT, params![ctx.workspace, id, reason, now]);
                batch.push(queries::HOLD_MESSAGES, params![ctx.workspace, id]);
                batch.feed(Feed { kind: "webhook.disabled", entity: id.0, data: json!({ "reason": reason }) });
                audit::record(&mut batch, ctx, "webhook.disabled", &[&id]);
            } else {
                start_next(tx, &mut batch, id, &message)?;
            }
            tx.apply(batch).map(|_| ())
        };
        ctx.db.tx(work).await?;
        if let Some(reason) = disable {
            tracing::warn!(endpoint = %id, reason, "a webhook endpoint was disabled");
        }
        Ok(())
    }
}
