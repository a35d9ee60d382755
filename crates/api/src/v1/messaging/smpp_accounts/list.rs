//! `GET /v1/smpp-accounts`

use super::{SmppAccount, shown};
use crate::v1::prelude::*;

/// Every account of a customer, the oldest first.
#[utoipa::path(get, path = "/v1/smpp-accounts", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<SmppAccount>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<SmppAccount>>> {
    let ctx = caller.require("routes:read")?;
    let mut items = Vec::new();
    for account in telecom::customers::list(&ctx).await? {
        items.push(shown(&app, &ctx, account).await?);
    }
    Ok(JsonBody(items.into()))
}
