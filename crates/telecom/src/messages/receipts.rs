//! Delivery receipts: matched by route and id, in whatever order they come, kept until their message is
//! there, put together over the parts of a message.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use kernel::{ContactId, DeliveryId, EventId, RawId, RouteId, Timestamp};
use outbound::texts::{Happened, happened};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, NewJob, Tx, params};

use super::model::MessageState;
use super::queries as sql;
use super::record::{event, feed};
use crate::Result;
use crate::routes::{Receipts, Route};
use crate::smpp::{Fate, Receipt};

/// The queue that matches receipts which came before the response they belong to.
const QUEUE: &str = "sms.receipts";
/// How long a receipt waits for its message, in seconds.
const PATIENCE: i64 = 900;
/// How long it waits for a message with the very same id, in seconds, before the id is read in another way: a message
/// that is about to be written down must not lose its receipt to one with a number like it.
const SAME_FIRST: i64 = 5;
/// The shortest and the longest pause between looks for the message of a receipt, in seconds.
const SHORTEST: i64 = 1;
const LONGEST: i64 = 60;
/// Most receipts that are looked at in one go.
const MOST: usize = 1000;
/// Receipts that are matched at a time.
const TOGETHER: usize = 64;

/// The state of a part after a receipt.
const fn part_state(fate: Fate) -> &'static str {
    match fate {
        Fate::Delivered => "delivered",
        Fate::Expired => "expired",
        Fate::Deleted | Fate::Undeliverable | Fate::Rejected => "failed",
        Fate::Unknown => "unknown",
        Fate::Enroute | Fate::Accepted => "sent",
    }
}

/// The state of a message from those of its parts; `None` while some are under way.
fn aggregate(parts: &[(String, String)]) -> Option<(MessageState, String)> {
    let first = |state: &str| parts.iter().find(|(known, _)| known == state).map(|(_, code)| code.clone());
    if let Some(code) = first("failed").or_else(|| first("refused")) {
        return Some((MessageState::Failed, code));
    }
    if let Some(code) = first("expired") {
        return Some((MessageState::Expired, code));
    }
    parts.iter().all(|(state, _)| state == "delivered").then(|| (MessageState::Delivered, String::new()))
}

/// What is asked of a receipt: route, id, fate, code.
#[derive(Clone)]
struct Told {
    message: DeliveryId,
    number: i64,
    fate: Fate,
    code: String,
    all: bool,
}

/// Takes a receipt; durable when it returns.
///
/// # Errors
/// The store's; the operator then brings it again.
pub(super) async fn take(ctx: &Ctx, route: &Route, receipt: &Receipt) -> Result<()> {
    if !receipt.fate.is_final() {
        return Ok(());
    }
    if apply(ctx, route, receipt, Kept::new(ctx.now())).await? {
        return Ok(());
    }
    let now = ctx.now();
    let fate = serde_json::to_value(receipt.fate).ok().and_then(|value| value.as_str().map(str::to_owned));
    let mut batch = ctx.batch();
    batch.push(
        sql::KEEP_RECEIPT,
        params![
            ctx.workspace,
            ctx.id::<EventId>(),
            route.id,
            receipt.message_id.as_str(),
            fate.unwrap_or_default(),
            receipt.error.clone().unwrap_or_default(),
            now,
            next_look(now, now)
        ],
    );
    batch.job(NewJob::now(QUEUE, json!({})).key("all").at(next_look(now, now)));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// When the message of a receipt is looked for again: the rarer, the longer it has waited, so that receipts which nobody
/// sent a message for do not keep those behind them waiting.
fn next_look(came: Timestamp, now: Timestamp) -> Timestamp {
    let waited = now.0.saturating_sub(came.0) / 1_000_000;
    now.plus_seconds((waited / 2).clamp(SHORTEST, LONGEST))
}

/// How long a receipt has waited, and where it is kept.
#[derive(Clone, Copy)]
struct Kept {
    since: Timestamp,
    row: Option<EventId>,
}

impl Kept {
    const fn new(since: Timestamp) -> Self {
        Self { since, row: None }
    }
}

/// Applies a receipt to the part it is about, and drops it where it is kept; `false` when there is none (yet).
async fn apply(ctx: &Ctx, route: &Route, receipt: &Receipt, kept: Kept) -> Result<bool> {
    let Some((message, number)) = part_of(ctx, route, receipt, kept.since).await? else { return Ok(false) };
    let told = Told {
        message,
        number,
        fate: receipt.fate,
        code: receipt.error.clone().unwrap_or_default(),
        all: route.rules.receipts == Receipts::OneForAll,
    };
    let call = ctx.clone();
    let settled = move |tx: &mut Tx<'_>| {
        settle(tx, &call, &told)?;
        match kept.row {
            Some(row) => tx.exec(sql::DROP_RECEIPT, params![call.workspace, row]).map(|_| ()),
            None => Ok(()),
        }
    };
    ctx.db.tx(settled).await?;
    Ok(true)
}

/// The part that a receipt is about. Where a route's ids are not known to be written in one way, the same id goes
/// first, and only parts that still wait are found by another reading of it.
async fn part_of(ctx: &Ctx, route: &Route, receipt: &Receipt, since: Timestamp) -> Result<Option<(DeliveryId, i64)>> {
    let ids = route.rules.ids.candidates(&receipt.message_id);
    let Some((first, others)) = ids.split_first() else { return Ok(None) };
    let about = |id: &String| params![ctx.workspace, route.id, id];
    let found: Option<(DeliveryId, i64)> = ctx.db.get(sql::PART_BY_REMOTE, about(first)).await?;
    if found.is_some() || others.is_empty() || ctx.now() < since.plus_seconds(SAME_FIRST) {
        return Ok(found);
    }
    let found: Vec<Vec<(DeliveryId, i64)>> =
        ctx.db.many(sql::WAITING_BY_REMOTE, others.iter().map(about).collect()).await?;
    Ok(found.into_iter().flatten().next())
}

fn settle(tx: &mut Tx<'_>, ctx: &Ctx, told: &Told) -> store::Result<()> {
    let (now, state) = (ctx.now(), part_state(told.fate));
    let changed = if told.all {
        tx.exec(sql::PARTS_DONE, params![ctx.workspace, told.message, state, told.code.as_str(), now])?
    } else {
        let about = params![ctx.workspace, told.message, told.number, state, told.code.as_str(), now];
        tx.exec(sql::PART_DONE, about)?
    };
    if changed == 0 {
        // A receipt that came twice.
        return Ok(());
    }
    let parts: Vec<(String, String)> = tx.all(sql::PART_STATES, params![ctx.workspace, told.message])?;
    let Some((state, code)) = aggregate(&parts) else { return Ok(()) };
    let reason = (state != MessageState::Delivered).then(|| if code.is_empty() { "network".to_owned() } else { code });
    let about = params![
        ctx.workspace,
        told.message,
        state,
        reason.clone(),
        now,
        MessageState::Sent,
        MessageState::InDoubt,
        MessageState::Expired
    ];
    if let Some((contact, source)) = tx.opt::<(ContactId, Option<RawId>)>(sql::SETTLE_STATE, about)? {
        let mut batch = ctx.batch();
        let about = (told.message, contact, source);
        feed(&mut batch, event(state), about, reason.as_deref().unwrap_or_default());
        if let (Some(source), MessageState::Delivered) = (source, state) {
            happened(&mut batch, ctx, Happened::Delivered, (contact, source, told.message), now);
        }
        tx.apply(batch)?;
    }
    Ok(())
}

store::row! {
    struct Row {
        id: EventId,
        route: RouteId,
        remote: String,
        fate: String,
        code: String,
        at: Timestamp,
    }
}

/// Matches receipts that waited.
pub struct MatchReceipts;

impl Handler for MatchReceipts {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            again(&ctx).await.map_err(|error| error.to_string())
        })
    }
}

async fn again(ctx: &Ctx) -> Result<Outcome> {
    let now = ctx.now();
    let due: Vec<Row> = ctx.db.all(sql::RECEIPTS, params![ctx.workspace, now, MOST]).await?;
    let routes = crate::routes::list(ctx).await?;
    let looked: Vec<Option<Row>> =
        stream::iter(due).map(|row| one_again(ctx, &routes, row)).buffer_unordered(TOGETHER).try_collect().await?;
    put_off(ctx, looked.into_iter().flatten(), now).await?;
    let (next,): (Option<Timestamp>,) = ctx.db.one(sql::NEXT_RECEIPT, params![ctx.workspace]).await?;
    Ok(next.map_or(Outcome::Done, Outcome::Again))
}

/// Receipts whose message was not there are looked at later, or no more.
async fn put_off(ctx: &Ctx, rows: impl Iterator<Item = Row>, now: Timestamp) -> Result<()> {
    let mut batch = ctx.batch();
    for row in rows {
        if now < row.at.plus_seconds(PATIENCE) {
            batch.push(sql::LATER_RECEIPT, params![ctx.workspace, row.id, next_look(row.at, now)]);
        } else {
            tracing::info!(route = %row.route, "a receipt for a message that is not known");
            batch.push(sql::DROP_RECEIPT, params![ctx.workspace, row.id]);
        }
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Looks once more for the message of a receipt; gives back a receipt whose message is not there. One of a route that is
/// not there any more ends.
async fn one_again(ctx: &Ctx, routes: &[Route], row: Row) -> Result<Option<Row>> {
    let Some(route) = routes.iter().find(|route| route.id == row.route) else {
        let mut batch = ctx.batch();
        batch.push(sql::DROP_RECEIPT, params![ctx.workspace, row.id]);
        ctx.db.apply(batch).await?;
        return Ok(None);
    };
    let receipt = Receipt {
        message_id: row.remote.clone(),
        fate: serde_json::from_value(json!(row.fate)).unwrap_or(Fate::Unknown),
        error: Some(row.code.clone()).filter(|code| !code.is_empty()),
    };
    let applied = apply(ctx, route, &receipt, Kept { since: row.at, row: Some(row.id) }).await?;
    Ok((!applied).then_some(row))
}

#[cfg(test)]
mod tests {
    use super::{MessageState, aggregate};

    fn of(states: &[&str]) -> Option<MessageState> {
        let parts: Vec<_> = states.iter().map(|state| ((*state).to_owned(), String::new())).collect();
        aggregate(&parts).map(|(state, _)| state)
    }

    #[test]
    fn a_message_is_what_its_parts_are() {
        assert_eq!(of(&["delivered", "delivered"]), Some(MessageState::Delivered));
        assert_eq!(of(&["delivered", "sent"]), None);
        assert_eq!(of(&["delivered", "unknown"]), None);
        assert_eq!(of(&["sent", "failed"]), Some(MessageState::Failed));
        assert_eq!(of(&["delivered", "expired"]), Some(MessageState::Expired));
    }
}
