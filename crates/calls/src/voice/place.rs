//! The workers: claim calls, ask the gate once more, dial.

use std::time::Duration;

use billing::{Micros, balance};
use kernel::{CallId, Timestamp};
use privacy::gate::SendPermit;
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{BoxFuture, Core, Ctx, Feed, NewJob, params};

use super::accept::recheck;
use super::conduct;
use super::model::{CallState, Claimed, Content};
use super::queries as sql;
use super::record::{Book, End};
use super::service::{LiveTrunk, Place, Voice, system};
use crate::Result;
use crate::flows::Flow;

/// The queue whose jobs make a workspace's calls.
pub const QUEUE: &str = "calls.place";
/// Most calls claimed at once.
const CLAIM: usize = 16;
/// Seconds after which a call without a free trunk is looked at again.
const AGAIN: i64 = 3;

/// Makes calls.
pub struct PlaceCalls(Voice);

impl PlaceCalls {
    /// A handler over the process's calls.
    pub fn new(voice: Voice) -> Self {
        Self(voice)
    }
}

impl Handler for PlaceCalls {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = system(core, job.workspace);
            slice(&self.0, &ctx).await.map_err(|error| error.problem().code.as_str().to_owned())
        })
    }
}

async fn slice(voice: &Voice, ctx: &Ctx) -> Result<Outcome> {
    let until = ctx.now().plus_seconds(40);
    loop {
        // Listening starts before looking, so that no call in between is missed.
        let accepted = voice.accepted().notified();
        let rules = crate::settings::get(ctx).await?;
        let room = (rules.together as usize).saturating_sub(voice.together(ctx.workspace)).min(CLAIM);
        let claimed = if room > 0 && !voice.is_closing() { claim(ctx, room).await? } else { Vec::new() };
        let none = claimed.is_empty();
        for one in claimed {
            attempt(voice, ctx, one).await?;
        }
        if none {
            let quiet = tokio::time::timeout(Duration::from_millis(250), accepted).await.is_err();
            if quiet || ctx.now() >= until || voice.is_closing() {
                let (due,): (Option<Timestamp>,) =
                    ctx.db.one(sql::NEXT_DUE, params![ctx.workspace, CallState::Queued]).await?;
                // What is due and was not claimed waits for a place.
                let later = |due: Timestamp| due.max(ctx.now().plus_seconds(1));
                return Ok(due.map_or(Outcome::Done, |due| Outcome::Again(later(due))));
            }
        }
    }
}

async fn claim(ctx: &Ctx, limit: usize) -> Result<Vec<Claimed>> {
    let values = params![ctx.workspace, ctx.now(), limit, CallState::Queued, CallState::Starting];
    Ok(ctx.db.returning(sql::CLAIM, values).await?)
}

async fn attempt(voice: &Voice, ctx: &Ctx, claimed: Claimed) -> Result<()> {
    let book = Book {
        ctx: ctx.clone(),
        call: claimed.id,
        contact: claimed.contact,
        direction: "outbound",
        unit: claimed.price,
    };
    let end = |state, reason| End { state, reason: Some(reason), status: None };
    if claimed.expires_at <= ctx.now() {
        book.ended(end(CallState::Failed, "no_trunk"), None).await;
        return Ok(());
    }
    let content = open(ctx, &claimed).await;
    let Some((content, flow)) = content else {
        book.ended(end(CallState::Cancelled, "erased"), None).await;
        return Ok(());
    };
    let Some(check) = recheck(&claimed, &content) else {
        book.ended(end(CallState::Cancelled, "erased"), None).await;
        return Ok(());
    };
    // A place first: a permit lives two seconds only.
    let wanted = Some(claimed.number.as_str()).filter(|number| !number.is_empty());
    let route = if claimed.trial { None } else { voice.choose(ctx.workspace, &content.number, wanted) };
    if route.is_none() && !claimed.trial {
        let reason = if voice.is_on() { "no_trunk" } else { "off" };
        return back(ctx, claimed.id, reason, ctx.now().plus_seconds(AGAIN)).await;
    }
    let permit = match voice.gate().recheck_many(ctx, vec![check]).await?.pop() {
        Some(Ok(permit)) => permit,
        Some(Err(denial)) => {
            return match denial.until {
                Some(until) => back(ctx, claimed.id, &denial.reason, until).await,
                None => deny(&book, &denial.reason).await,
            };
        }
        None => return back(ctx, claimed.id, "gate", ctx.now().plus_seconds(AGAIN)).await,
    };
    match route {
        Some((trunk, place)) => dial(voice, (book, permit), (trunk, place), (claimed, content, flow)).await,
        None => played(ctx, &book, permit).await,
    }
}

/// A trial takes the gate's way to the end, and calls nobody.
async fn played(ctx: &Ctx, book: &Book, permit: SendPermit) -> Result<()> {
    match permit.begin(ctx.now()) {
        Ok(_) => {
            let end = End { state: CallState::Ended, reason: Some("trial"), status: None };
            book.ended(end, None).await;
            Ok(())
        }
        Err(_) => back(ctx, book.call, "permit_lost", ctx.now()).await,
    }
}

/// Dials. The permit is used up here: without one there is no way to this line.
async fn dial(
    voice: &Voice,
    (book, permit): (Book, SendPermit),
    (trunk, place): (std::sync::Arc<LiveTrunk>, Place),
    (claimed, content, flow): (Claimed, Content, Flow),
) -> Result<()> {
    let ctx = &book.ctx;
    let Ok((media, hearing)) = voice.media().await else {
        return back(ctx, claimed.id, "no_port", ctx.now().plus_seconds(AGAIN)).await;
    };
    let grant = permit.grant().clone();
    if permit.begin(ctx.now()).is_err() {
        return back(ctx, claimed.id, "permit_lost", ctx.now()).await;
    }
    book.dialled(trunk.trunk.id, &grant).await?;
    let from = if claimed.number.is_empty() {
        trunk.trunk.rules.caller_ids.first().cloned().unwrap_or_default()
    } else {
        claimed.number.clone()
    };
    let invitation = conduct::invitation(&trunk, (&from, &content.number), &media, voice, claimed.ring);
    let Some((leg, events)) = voice.endpoint_invite(invitation).await else {
        let end = End { state: CallState::Failed, reason: Some("off"), status: None };
        book.ended(end, None).await;
        return Ok(());
    };
    let hang_up = voice.enter(claimed.id);
    let mut variables = content.variables;
    variables.insert("call.id".to_owned(), claimed.id.to_string());
    variables.insert("call.direction".to_owned(), "outbound".to_owned());
    variables.insert("call.from".to_owned(), from.clone());
    variables.insert("call.to".to_owned(), content.number);
    let line = conduct::Line { leg, events, media, hearing };
    let longest = claimed.longest;
    let conductor = conduct::Conductor::new(voice.clone(), book, line, (hang_up, longest, from));
    tokio::spawn(async move {
        conductor.outbound(flow, variables).await;
        drop(place);
    });
    Ok(())
}

async fn open(ctx: &Ctx, claimed: &Claimed) -> Option<(Content, Flow)> {
    let contact = claimed.contact?;
    let keys = ctx.vault.subject(ctx.workspace, contact).await.ok()?;
    let content = Content::open(ctx, contact, &keys, claimed.sealed.as_deref()?).ok()?;
    let flow = Flow::read(&content.flow).ok()?;
    Some((content, flow))
}

async fn back(ctx: &Ctx, call: CallId, reason: &str, due: Timestamp) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(sql::BACK, params![ctx.workspace, call, CallState::Queued, reason, due, CallState::Starting]);
    ctx.db.apply(batch).await?;
    Ok(())
}

async fn deny(book: &Book, reason: &str) -> Result<()> {
    let ctx = &book.ctx;
    let mut batch = ctx.batch();
    let about = params![ctx.workspace, book.call, CallState::Denied, reason, None::<i64>, ctx.now(), 0, Micros(0)];
    batch.push(sql::END, about);
    balance::release(&mut batch, ctx, book.call.into());
    let data = json!({ "contact": book.contact, "direction": "outbound", "reason": reason });
    batch.feed(Feed { kind: "call.denied", entity: book.call.into(), data });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// After a start: calls whose process died are in doubt and not made again, and every workspace with calls has
/// its job. `alone_since` is this process's start when it is known that no other one lives.
///
/// # Errors
/// The store's.
pub async fn recover(core: &Core, alone_since: Option<Timestamp>) -> Result<u64> {
    let mut doubtful = 0;
    for workspace in core.vault.workspaces().await? {
        let ctx = system(core, workspace);
        let (now, call) = (ctx.now(), ctx.clone());
        let before = alone_since.unwrap_or(Timestamp(0));
        let states = (CallState::Starting, CallState::Ringing, CallState::Ongoing);
        let done = ctx.db.tx(move |tx| {
            let about = params![call.workspace, CallState::InDoubt, now, states.0, states.1, states.2, before];
            let rows: Vec<(CallId, Micros, Option<Timestamp>)> = tx.all(sql::RECOVER, about)?;
            let mut batch = call.batch();
            for (id, unit, answered) in &rows {
                // Somebody who was reached is paid for, up to what was set aside.
                let seconds = answered.map_or(0, |at| (now.0 - at.0).max(1) / Timestamp::SECOND + 1);
                balance::settle(&mut batch, &call, (*id).into(), unit.times((seconds as u64).div_ceil(60)));
                let data = json!({ "reason": "process_died" });
                batch.feed(Feed { kind: "call.in_doubt", entity: (*id).into(), data });
            }
            batch.job(NewJob::now(QUEUE, json!({})).key("all"));
            tx.apply(batch)?;
            Ok(rows.len() as u64)
        });
        doubtful += done.await?;
    }
    Ok(doubtful)
}
