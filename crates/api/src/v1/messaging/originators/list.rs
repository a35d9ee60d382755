//! `GET /v1/originators`

use super::{SmsOriginator, shown};
use crate::v1::prelude::*;

/// Every originator, the oldest first, with where it may not be used.
#[utoipa::path(get, path = "/v1/originators", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<SmsOriginator>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<SmsOriginator>>> {
    let ctx = caller.require("routes:read")?;
    let mut items = Vec::new();
    for entry in telecom::senders::list(&ctx).await? {
        items.push(shown(&ctx, entry).await?);
    }
    Ok(JsonBody(items.into()))
}
