//! `POST /v1/replies/{id}/end-sessions`

use accounts::members;
use kernel::{EventId, UserId};
use mail::incoming::{one, read};
use store::Ctx;

use crate::v1::prelude::*;
use crate::v1::trail;

/// The queue of reports that somebody else signs in as the writer.
const QUEUE: &str = "credential_theft";

/// End every session of the member who reported stolen credentials by this message: whoever signed in as them is out at
/// once, on every device. The member signs in anew, with a new password by the link "forgotten". A message's sender is
/// easily forged, so a human decides; ending sessions harms nobody.
#[utoipa::path(post, path = "/v1/replies/{id}/end-sessions", params(("id" = String, Path)),
    security(("key" = ["members:write"])), responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<EventId>) -> Result<StatusCode> {
    let ctx = caller.require("members:write")?;
    let message = one(&ctx, id).await?.filter(|message| message.triage.as_deref() == Some(QUEUE));
    let Some(letter) = (if message.is_some() { read(&ctx, id).await? } else { None }) else {
        return Err(Problem::new(Code::NotFound, "there is no such report of stolen credentials").into());
    };
    let Some(user) = member(&ctx, letter.from.as_deref().unwrap_or_default()).await? else {
        return Err(Problem::new(Code::Conflict, "its writer is no member: there are no sessions to end").into());
    };
    app.accounts.end_other_sessions(user, None).await?;
    trail::note(&ctx, "reply.sessions_ended", &[&id, &user]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The member with this address.
async fn member(ctx: &Ctx, address: &str) -> Result<Option<UserId>> {
    let Ok(email) = kernel::Email::parse(address) else { return Ok(None) };
    let mut after = None;
    loop {
        let page = members::list(ctx, after, 500).await?;
        if let Some(found) = page.iter().find(|member| member.email.expose() == &email) {
            return Ok(Some(found.user));
        }
        after = page.last().map(|member| member.id);
        if page.len() < 500 {
            return Ok(None);
        }
    }
}
