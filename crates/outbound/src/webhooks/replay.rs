//! Sending events again: one, or those of a span of time.

use std::collections::HashSet;

use accounts::audit;
use kernel::{EndpointId, Timestamp};
use serde_json::{Value as Json, json};
use store::jobs::Outcome;
use store::{Batch, Ctx, NewJob, Tx, params};

use super::deliver::{QUEUE, job};
use super::model::{EndpointState, MessageState, Replay};
use super::queries::{self, MessageRow};
use super::{Error, Result, Webhooks};

/// Messages set back per run of the job.
const CHUNK: usize = 200;
/// Seconds after which a waiting message without an attempt counts as forgotten by its job.
const OVERDUE: i64 = 6 * 3600;

/// Sets messages back to waiting, in the order given, and starts those whose turn it is.
fn set_back(tx: &mut Tx<'_>, ctx: &Ctx, batch: &mut Batch, id: EndpointId, rows: &[MessageRow]) -> store::Result<()> {
    let mut behind = HashSet::new();
    for row in rows {
        let first: Option<(i64, i64)> = tx.opt(queries::FIRST_WAITING, params![ctx.workspace, id, row.entity])?;
        if behind.insert(row.entity) && first.is_none_or(|(seq, _)| seq >= row.seq) {
            batch.job(job(id, row.seq, row.round + 1));
        }
        batch.push(queries::REPLAY_MESSAGE, params![ctx.workspace, id, row.seq, row.round + 1, ctx.now()]);
    }
    Ok(())
}

fn next_job(id: EndpointId, payload: &Json, after: i64) -> NewJob {
    let mut payload = payload.clone();
    payload["replay"] = json!(id);
    payload["after"] = json!(after);
    NewJob::now(QUEUE, payload)
}

impl Webhooks {
    /// Sends one event or the events of a span again, as far as they are kept (30 days). Receivers
    /// see the same `webhook-id` as before. A span is worked off in the background.
    ///
    /// # Errors
    /// [`Error::NotFound`], an inactive endpoint, or neither event nor start.
    pub async fn replay(&self, ctx: &Ctx, id: EndpointId, replay: Replay) -> Result<()> {
        let endpoint = self.row(ctx.workspace, id).await?;
        if EndpointState::read(&endpoint.state) != EndpointState::Active {
            return Err(Error::field("state", "the endpoint is not active; resume it first"));
        }
        if let Some(event) = replay.event {
            let row: Option<MessageRow> =
                ctx.db.opt(queries::MESSAGE_OF_EVENT, params![ctx.workspace, id, event]).await?;
            let seq = row.ok_or(Error::NotFound("event of this endpoint"))?.seq;
            let within = ctx.clone();
            let work = move |tx: &mut Tx<'_>| {
                let row: MessageRow = tx.one(queries::GET_MESSAGE, params![within.workspace, id, seq])?;
                if MessageState::read(&row.state) == MessageState::Waiting {
                    return Ok(());
                }
                let mut batch = within.batch();
                set_back(tx, &within, &mut batch, id, &[row])?;
                audit::record(&mut batch, &within, "webhook.replayed", &[&id, &event]);
                tx.apply(batch).map(|_| ())
            };
            return Ok(ctx.db.tx(work).await?);
        }
        let from = replay.from.ok_or_else(|| Error::field("from", "give an event, or the instant to replay from"))?;
        let to = replay.to.unwrap_or_else(|| ctx.now().plus_micros(1));
        if to <= from {
            return Err(Error::field("to", "the end lies before the start"));
        }
        let span = json!({ "from": from.0, "to": to.0, "undelivered_only": replay.undelivered_only });
        let mut batch = ctx.batch();
        batch.job(next_job(id, &span, 0));
        audit::record(&mut batch, ctx, "webhook.replayed", &[&id]);
        ctx.db.apply(batch).await?;
        Ok(())
    }

    /// One step of a span's replay; leaves a job for the next one.
    pub(super) async fn run_replay(&self, ctx: &Ctx, payload: &Json) -> Result<Outcome> {
        let number = |name: &str| payload[name].as_i64();
        let id = payload["replay"].as_str().and_then(|id| id.parse::<EndpointId>().ok());
        let (Some(id), Some(from), Some(to), Some(after)) = (id, number("from"), number("to"), number("after")) else {
            return Ok(Outcome::Done);
        };
        let undelivered_only = payload["undelivered_only"] == true;
        let (within, payload) = (ctx.clone(), payload.clone());
        let work = move |tx: &mut Tx<'_>| {
            let ctx = &within;
            let values = params![ctx.workspace, id, from, to, after, CHUNK];
            let rows: Vec<MessageRow> = tx.all(queries::MESSAGES_BETWEEN, values)?;
            let last = (rows.len() == CHUNK).then(|| rows.last().map(|row| row.seq)).flatten();
            let again = |row: &MessageRow| match MessageState::read(&row.state) {
                MessageState::Waiting => false,
                MessageState::Delivered => !undelivered_only,
                MessageState::Failed | MessageState::Held => true,
            };
            let rows: Vec<MessageRow> = rows.into_iter().filter(again).collect();
            let mut batch = ctx.batch();
            set_back(tx, ctx, &mut batch, id, &rows)?;
            if let Some(last) = last {
                batch.job(next_job(id, &payload, last));
            }
            tx.apply(batch).map(|_| ())
        };
        ctx.db.tx(work).await?;
        Ok(Outcome::Done)
    }

    /// Gives waiting messages that nothing moved for hours a new job.
    pub(super) async fn wake_overdue(&self, ctx: &Ctx, id: EndpointId) -> Result<()> {
        let before: Timestamp = ctx.now().plus_seconds(-OVERDUE);
        let within = ctx.clone();
        let work = move |tx: &mut Tx<'_>| {
            let ctx = &within;
            let rows: Vec<MessageRow> = tx.all(queries::OVERDUE, params![ctx.workspace, id, before, CHUNK])?;
            let mut batch = ctx.batch();
            set_back(tx, ctx, &mut batch, id, &rows)?;
            tx.apply(batch).map(|_| ())
        };
        Ok(ctx.db.tx(work).await?)
    }
}
