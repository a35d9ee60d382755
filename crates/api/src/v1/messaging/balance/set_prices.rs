//! `PUT /v1/prices`

use super::PriceLine;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Lines for the price list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceLines {
    /// At most 20000.
    items: Vec<PriceLine>,
}

/// Add prices; one for the same destination and the same instant is replaced. Messages that were accepted keep
/// theirs.
#[utoipa::path(put, path = "/v1/prices", request_body = PriceLines, security(("key" = ["balance:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<PriceLines>) -> Result<StatusCode> {
    let ctx = caller.require("balance:write")?;
    let prices: Vec<_> = input.items.into_iter().map(|line| line.read(ctx.now())).collect();
    billing::prices::put(&ctx, &prices).await?;
    trail::note(&ctx, "prices.changed", &[]).await?;
    Ok(StatusCode::NO_CONTENT)
}
