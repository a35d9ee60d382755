//! `GET /v1/numbers/default`

use calls::numbers;

use super::NumberForward;
use crate::v1::prelude::*;

/// Where what comes in goes when nothing is set about its number.
#[utoipa::path(get, path = "/v1/numbers/default", security(("key" = ["routes:read"])),
    responses((status = 200, body = NumberForward)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<NumberForward>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(numbers::default_forward(&ctx).await?.into()))
}
