//! `POST /v1/calls/{id}/hangup`

use kernel::CallId;

use super::shapes::{PhoneCall, whole};
use crate::v1::prelude::*;
use crate::v1::trail;

/// End a call: one that waits is taken back, one that rings or is answered is hung up.
#[utoipa::path(post, path = "/v1/calls/{id}/hangup", params(("id" = String, Path)),
    security(("key" = ["calls:write"])), responses((status = 200, body = PhoneCall)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CallId>,
) -> Result<JsonBody<PhoneCall>> {
    let ctx = caller.require("calls:write")?;
    calls::voice::cancel(&app.voice, &ctx, id).await?;
    trail::note(&ctx, "call.hung_up", &[&id]).await?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
