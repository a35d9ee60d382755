//! `GET /v1/balance`

use super::BalanceView;
use crate::v1::prelude::*;

/// The workspace's balance.
#[utoipa::path(get, path = "/v1/balance", security(("key" = ["balance:read"])),
    responses((status = 200, body = BalanceView)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<BalanceView>> {
    let ctx = caller.require("balance:read")?;
    Ok(JsonBody(billing::balance::get(&ctx).await?.into()))
}
