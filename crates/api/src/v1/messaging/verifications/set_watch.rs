//! `PUT /v1/verifications/watch`

use calls::verify::watch::{self, Watch};

use super::watch::VerificationWatch;
use crate::v1::prelude::*;

/// Set when codes to numbers that hardly use any are refused.
#[utoipa::path(put, path = "/v1/verifications/watch", request_body = VerificationWatch,
    security(("key" = ["routes:write"])), responses((status = 200, body = VerificationWatch)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<VerificationWatch>,
) -> Result<JsonBody<VerificationWatch>> {
    let ctx = caller.require("routes:write")?;
    let VerificationWatch { block_codes, block_percent, block_open, country_codes, country_percent } = input;
    watch::put(&ctx, &Watch { block_codes, block_percent, block_open, country_codes, country_percent }).await?;
    Ok(JsonBody(watch::get(&ctx).await?.into()))
}
