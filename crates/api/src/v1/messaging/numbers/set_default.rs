//! `PUT /v1/numbers/default`

use calls::numbers;

use super::NumberForward;
use crate::v1::prelude::*;

/// Set where what comes in goes when nothing is set about its number.
#[utoipa::path(put, path = "/v1/numbers/default", request_body = NumberForward,
    security(("key" = ["routes:write"])), responses((status = 200, body = NumberForward)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NumberForward>,
) -> Result<JsonBody<NumberForward>> {
    let ctx = caller.require("routes:write")?;
    numbers::set_default(&ctx, &input.into()).await?;
    Ok(JsonBody(numbers::default_forward(&ctx).await?.into()))
}
