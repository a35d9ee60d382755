//! `PUT /v1/balance`

use billing::Micros;
use billing::balance::Terms;

use super::BalanceView;
use crate::v1::prelude::*;
use crate::v1::trail;

/// How the balance behaves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BalanceTerms {
    /// The currency (ISO 4217); it cannot change once there was a movement.
    currency: String,
    /// How far below zero it may go: 0 for prepaid, null for no limit.
    credit_micros: Option<i64>,
    /// Below this, once, the event `balance.low` is told; 0 for never.
    #[serde(default)]
    low_at_micros: i64,
}

/// Set currency, credit and the warning of the balance.
#[utoipa::path(put, path = "/v1/balance", request_body = BalanceTerms, security(("key" = ["balance:write"])),
    responses((status = 200, body = BalanceView)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<BalanceTerms>) -> Result<JsonBody<BalanceView>> {
    let ctx = caller.require("balance:write")?;
    let terms = Terms {
        currency: input.currency,
        credit: input.credit_micros.map(Micros),
        low_at: Micros(input.low_at_micros),
    };
    let balance = billing::balance::configure(&ctx, terms).await?;
    trail::note(&ctx, "balance.configured", &[]).await?;
    Ok(JsonBody(balance.into()))
}
