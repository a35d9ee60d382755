//! What a human decides about a message that waits.

use kernel::{Code, EventId, Problem, Timestamp};
use outbound::answering::{self, Asked};
use outbound::incoming::replied;
use outbound::{DeliveryRow, Outbound};
use privacy::answers::{Prepared, Question};
use privacy::replies::Intent;
use privacy::suppression;
use store::{Ctx, params};

use super::queries;
use super::rows::{self, Inbox, one};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The person wants to leave.
    Optout,
    /// It does not concern sending: what was paused goes on.
    NotOptout,
    /// It was answered, here or elsewhere: what was paused goes on.
    Answered,
    /// The person objects to all marketing.
    Object,
    /// The person threatens with law: all marketing ends, and nobody apologises by machine.
    Legal,
}

impl Decision {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Optout => "optout",
            Self::NotOptout => "not_optout",
            Self::Answered => "answered",
            Self::Object => "object",
            Self::Legal => "legal",
        }
    }
}

fn problem(error: outbound::Error) -> Problem {
    error.problem()
}

async fn known(ctx: &Ctx, id: EventId) -> Result<Inbox, Problem> {
    let found = one(ctx, id).await.map_err(|error| error.problem())?;
    found.ok_or_else(|| Problem::new(Code::NotFound, "there is no such message"))
}

/// How long a decision may take, in seconds. Should the process die in the middle, the message can be decided again then.
const DECIDING: i64 = 60;

/// A message that one member is deciding about, and since when.
struct Claimed {
    message: Inbox,
    at: Timestamp,
}

/// Takes a waiting message for one decision: of two at once the second gets the conflict, and has no effect.
async fn claim(ctx: &Ctx, id: EventId) -> Result<Claimed, Problem> {
    let message = known(ctx, id).await?;
    if !message.waiting {
        return Err(Problem::new(Code::Conflict, "the message does not wait any more"));
    }
    let at = ctx.now();
    let mut batch = ctx.batch();
    batch.guard(queries::CLAIM, params![ctx.workspace, id, at, true, at.plus_seconds(-DECIDING)]);
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(Claimed { message, at }),
        Err(store::Error::Guard(_)) => Err(Problem::new(Code::Conflict, "somebody is deciding about the message")),
        Err(error) => Err(error.problem()),
    }
}

/// Gives a message back that was not decided after all; what happened stands, and the error is told.
async fn give_back(ctx: &Ctx, id: EventId, claimed: &Claimed, error: Problem) -> Problem {
    let mut batch = ctx.batch();
    batch.push(queries::GIVE_BACK, params![ctx.workspace, id, claimed.at]);
    match ctx.db.apply(batch).await {
        Ok(_) => error,
        Err(lost) => lost.problem(),
    }
}

/// Acts on a decision, and takes the message out of the queue.
///
/// # Errors
/// Not found; a conflict when it does not wait any more, or somebody is deciding about it; the store's.
pub async fn settle(ctx: &Ctx, outbound: &Outbound, id: EventId, decision: Decision) -> Result<Inbox, Problem> {
    let claimed = claim(ctx, id).await?;
    match act(ctx, outbound, &claimed.message, decision).await {
        Ok(()) => finish(ctx, id, &claimed, decision).await,
        Err(error) => Err(give_back(ctx, id, &claimed, error).await),
    }
}

/// The withdrawal comes first: should the process die after it, the message waits and is decided again.
async fn act(ctx: &Ctx, outbound: &Outbound, message: &Inbox, decision: Decision) -> Result<(), Problem> {
    let Some(delivery) = message.delivery.filter(|_| message.contact.is_some()) else { return Ok(()) };
    let gate = outbound.gate();
    match decision {
        Decision::Optout => replied(ctx, gate, delivery, Intent::Optout).await.map_err(problem)?,
        Decision::Object | Decision::Legal => {
            replied(ctx, gate, delivery, Intent::ComplaintLegal).await.map_err(problem)?
        }
        Decision::NotOptout | Decision::Answered => {
            let row = DeliveryRow::find(ctx, delivery).await.map_err(|error| error.problem())?;
            if let Some(row) = row {
                suppression::resume(ctx, row.contact, &[row.address]).await.map_err(|error| error.problem())?;
            }
            return Ok(());
        }
    };
    Ok(())
}

async fn finish(ctx: &Ctx, id: EventId, claimed: &Claimed, decision: Decision) -> Result<Inbox, Problem> {
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, false, decision.as_str(), ctx.now(), true, claimed.at];
    batch.guard(queries::SETTLE, values);
    accounts::audit::record(&mut batch, ctx, "reply.settled", &[&id]);
    match ctx.db.apply(batch).await {
        Ok(_) => known(ctx, id).await,
        Err(store::Error::Guard(_)) => Err(Problem::new(Code::Conflict, "the message does not wait any more")),
        Err(error) => Err(error.problem()),
    }
}

/// The answer prepared for a message that asks one of the three questions; `None` for others, and for those whose
/// writer is not known surely.
///
/// # Errors
/// The store's.
pub async fn draft(ctx: &Ctx, outbound: &Outbound, message: &Inbox) -> Result<Option<Prepared>, Problem> {
    let intent: Option<Intent> = message.intent.as_deref().and_then(|intent| intent.parse().ok());
    let (Some(question), Some(delivery)) = (intent.and_then(Question::of), message.delivery) else { return Ok(None) };
    match answering::prepare(outbound, ctx, delivery, question).await {
        Ok(prepared) => Ok(Some(prepared)),
        Err(outbound::Error::NotFound(_)) => Ok(None),
        Err(error) => Err(problem(error)),
    }
}

/// An answer as a human sends it.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The subject; the prepared one when absent.
    pub subject: Option<String>,
    /// The text; the prepared one when absent.
    pub text: Option<String>,
}

/// Sends the prepared answer, or an edited one, and settles the message as answered.
///
/// # Errors
/// Invalid without a text when nothing is prepared; not found when its writer is not known; the gate's denial.
pub async fn answer(ctx: &Ctx, outbound: &Outbound, id: EventId, reply: Reply) -> Result<Inbox, Problem> {
    let message = known(ctx, id).await?;
    let Some(delivery) = message.delivery.filter(|_| message.contact.is_some()) else {
        return Err(Problem::new(Code::NotFound, "who wrote this is not known, so there is no address to answer"));
    };
    // What does not wait was answered by machine, decided, or asked for no answer; a second one would be dropped.
    if !message.waiting {
        return Err(Problem::new(Code::Conflict, "the message does not wait any more"));
    }
    let prepared = draft(ctx, outbound, &message).await?;
    let language = prepared.as_ref().map_or_else(kernel::Locale::en, |prepared| prepared.language.clone());
    let (known_subject, known_text) = prepared.map(|prepared| (prepared.subject, prepared.text)).unzip();
    let Some(text) = reply.text.or(known_text).filter(|text| !text.trim().is_empty()) else {
        return Err(Problem::field("text", "nothing is prepared for this message; write the answer"));
    };
    let Some(subject) = reply.subject.or(known_subject).filter(|subject| !subject.trim().is_empty()) else {
        return Err(Problem::field("subject", "nothing is prepared for this message; write the subject"));
    };
    let letter = rows::answered(ctx, id).await.map_err(|error| error.problem())?;
    let asked = Asked { message: id, delivery, letter };
    let claimed = claim(ctx, id).await?;
    let sent = answering::send(outbound, ctx, asked, &language, (&subject, &text)).await.map_err(problem);
    let done = match sent {
        Ok(()) => act(ctx, outbound, &claimed.message, Decision::Answered).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => finish(ctx, id, &claimed, Decision::Answered).await,
        Err(error) => Err(give_back(ctx, id, &claimed, error).await),
    }
}
