//! `POST /v1/balance/top-ups`

use billing::Micros;

use super::BalanceView;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Money that was paid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopUp {
    /// How much, in millionths of the balance's currency; negative to correct a mistake.
    amount_micros: i64,
}

/// Add money to the balance. Repeat with the same `Idempotency-Key` to be safe.
#[utoipa::path(post, path = "/v1/balance/top-ups", request_body = TopUp, security(("key" = ["balance:write"])),
    responses((status = 201, body = BalanceView)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<TopUp>,
) -> Result<(StatusCode, JsonBody<BalanceView>)> {
    let ctx = caller.require("balance:write")?;
    let id = billing::balance::top_up(&ctx, Micros(input.amount_micros)).await?;
    trail::note(&ctx, "balance.topped_up", &[&id]).await?;
    Ok((StatusCode::CREATED, JsonBody(billing::balance::get(&ctx).await?.into())))
}
