//! Mail to the privacy mailbox from nobody who is known, or from nobody who proved to be: a case for a human.

use kernel::RequestId;
use privacy::requests::{self, Intake, New, Request, RequestState, Via};
use store::Ctx;

use crate::Result;

/// Cases about nobody known that mail may open in a day; more are a flood.
const MOST_A_DAY: usize = 100;
/// Requests that are looked through for those of the day.
const NEWEST: u32 = 300;

/// Opens a case about nobody. Whoever signed their mail is told, once a day, that it came; to a forged or unproved
/// address nothing is written, because its owner need not have asked.
pub(super) async fn open(ctx: &Ctx, id: RequestId, came: Intake) -> Result<()> {
    let day = ctx.now().plus_seconds(-86_400);
    let newest = requests::list(ctx, None, None, NEWEST).await?;
    let by_mail = |request: &&Request| {
        request.via == Via::Mail && request.subject.is_none() && request.received_at > day && request.id != id
    };
    let recent: Vec<&Request> = newest.iter().filter(by_mail).collect();
    let is_theirs = |request: &&Request| {
        request.content.as_ref().is_some_and(|content| content.requester == came.content.requester)
    };
    let theirs: Vec<&Request> = recent.iter().copied().filter(is_theirs).collect();
    if recent.len() >= MOST_A_DAY {
        tracing::warn!(cases = recent.len(), "mail to the privacy mailbox is dropped: too many strangers today");
        return Ok(());
    }
    if theirs.iter().any(|request| request.kind == came.kind && request.state == RequestState::Received) {
        return Ok(());
    }
    let tells = came.content.is_signed() && theirs.is_empty();
    let (kind, child, received_at) = (came.kind, came.child, came.received_at);
    let new = New { kind, via: Via::Mail, subject: None, child, received_at, content: came.content };
    let request = requests::open_as(ctx, id, new).await?;
    if tells {
        requests::tell_received(ctx, request.id).await?;
    }
    Ok(())
}
