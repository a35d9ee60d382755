//! `GET /v1/trunks`

use super::shapes::{SipTrunk, shown};
use crate::v1::prelude::*;

/// Every trunk, the oldest first.
#[utoipa::path(get, path = "/v1/trunks", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<SipTrunk>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<SipTrunk>>> {
    let ctx = caller.require("routes:read")?;
    let mut items = Vec::new();
    for trunk in calls::trunks::list(&ctx).await? {
        items.push(shown(&ctx, &app.voice, trunk).await?);
    }
    Ok(JsonBody(items.into()))
}
