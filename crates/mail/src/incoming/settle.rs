//! What a human decides about a message that waits.

use kernel::{Code, EventId, Problem};
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

/// Acts on a decision, and takes the message out of the queue.
///
/// # Errors
/// Not found; a conflict when it does not wait any more; the store's.
pub async fn settle(ctx: &Ctx, outbound: &Outbound, id: EventId, decision: Decision) -> Result<Inbox, Problem> {
    let message = known(ctx, id).await?;
    // Before anything happens: what is refused has no effect.
    if !message.waiting {
        return Err(Problem::new(Code::Conflict, "the message does not wait any more"));
    }
    let mut batch = ctx.batch();
    batch.guard(queries::SETTLE, params![ctx.workspace, id, false, decision.as_str(), ctx.now(), true]);
    accounts::audit::record(&mut batch, ctx, "reply.settled", &[&id]);
    if let Some(delivery) = message.delivery.filter(|_| message.contact.is_some()) {
        let gate = outbound.gate();
        // The withdrawal first: should the process die between the two, the message waits and is decided again.
        match decision {
            Decision::Optout => replied(ctx, gate, delivery, Intent::Optout).await.map(|_| ()),
            Decision::Object | Decision::Legal => {
                replied(ctx, gate, delivery, Intent::ComplaintLegal).await.map(|_| ())
            }
            Decision::NotOptout | Decision::Answered => Ok(()),
        }
        .map_err(problem)?;
        let row = DeliveryRow::find(ctx, delivery).await.map_err(|error| error.problem())?;
        if let Some(row) = row.filter(|_| matches!(decision, Decision::NotOptout | Decision::Answered)) {
            suppression::resume(ctx, row.contact, &[row.address]).await.map_err(|error| error.problem())?;
        }
    }
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
    answering::send(outbound, ctx, asked, &language, (&subject, &text)).await.map_err(problem)?;
    settle(ctx, outbound, id, Decision::Answered).await
}
