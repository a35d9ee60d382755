//! `GET /v1/push/subscriptions`

use super::{PushSubscription, slice};
use crate::v1::prelude::*;

/// Your browsers that are told.
#[utoipa::path(get, path = "/v1/push/subscriptions", security(("session" = ["conversations:read"])),
    responses((status = 200, body = Listed<PushSubscription>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<PushSubscription>>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let all = slice::of(&ctx, session.user).await?;
    Ok(JsonBody(all.into_iter().map(PushSubscription::of).collect::<Vec<_>>().into()))
}
