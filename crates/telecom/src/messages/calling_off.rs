//! A lone "cancel" below a message about something that can be called off.

use kernel::{ContactId, Phone};
use privacy::vocabulary::BasisKind;
use store::{BoxFuture, Ctx, params};

use super::accept::{NewMessage, accept};
use super::content::OUTGOING;
use super::queries as sql;
use super::service::Sms;
use crate::Result;

/// What was called off, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledOff {
    /// What is answered; `None` says nothing.
    pub answer: Option<String>,
    /// Nobody has to look at the message.
    pub settled: bool,
}

/// Those who send messages about what can be called off.
pub trait CallsOff: Send + Sync {
    /// Somebody answered "cancel" to the message that its sender gave this reference. `None`: it is about nothing
    /// that can be called off, and the word means what it means anywhere.
    fn call_off<'a>(
        &'a self,
        ctx: &'a Ctx,
        who: ContactId,
        reference: &'a str,
    ) -> BoxFuture<'a, store::Result<Option<CalledOff>>>;
}

/// Asks whether a "cancel" answers such a message: the last one that the person was sent.
pub(super) async fn asked(sms: &Sms, ctx: &Ctx, who: ContactId) -> Result<Option<(CalledOff, String)>> {
    let Some(calls_off) = sms.calls_off() else { return Ok(None) };
    let last: Option<(Option<Vec<u8>>,)> = ctx.db.get(sql::LAST_SEALED, params![ctx.workspace, who]).await?;
    let Some((Some(sealed),)) = last else { return Ok(None) };
    let words = super::view::open(ctx, who, OUTGOING, Some(sealed)).await?;
    let Some((_, _, Some(reference))) = words else { return Ok(None) };
    let called_off = calls_off.call_off(ctx, who, &reference).await?;
    Ok(called_off.map(|called_off| (called_off, reference)))
}

/// Answers what became of it. The answer has the same reference: a second "cancel" is about the same.
pub(super) async fn answer(sms: &Sms, ctx: &Ctx, to: &Phone, (called_off, reference): (CalledOff, String)) {
    let Some(text) = called_off.answer else { return };
    let new = NewMessage {
        basis: Some(BasisKind::SubjectRequest),
        reference: Some(reference),
        ..NewMessage::new(to.clone(), text)
    };
    if let Err(error) = accept(sms, ctx, new).await {
        tracing::warn!(%error, "what was called off is not confirmed by message");
    }
}
