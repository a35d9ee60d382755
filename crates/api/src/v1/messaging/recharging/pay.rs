//! `POST /v1/balance/payments`

use billing::Micros;

use super::shapes::BalancePayment;
use crate::v1::prelude::*;

/// Money that somebody is to pay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayBalance {
    /// How much, in millionths of the balance's currency; whole coins.
    amount_micros: i64,
}

/// Open a page of the payment provider's on which the balance is paid for.
#[utoipa::path(post, path = "/v1/balance/payments", request_body = PayBalance, security(("key" = ["balance:write"])),
    responses((status = 201, body = BalancePayment)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<PayBalance>,
) -> Result<(StatusCode, JsonBody<BalancePayment>)> {
    let ctx = caller.require("balance:write")?;
    let made = billing::recharge::open(&ctx, app.tills.as_ref(), Micros(input.amount_micros)).await?;
    Ok((StatusCode::CREATED, JsonBody(made.into())))
}
