//! `POST /v1/balance/payments/{id}/cancel`

use kernel::PaymentId;

use super::shapes::BalancePayment;
use crate::v1::prelude::*;

/// Call off a payment that is still open. What was paid meanwhile stays paid.
#[utoipa::path(post, path = "/v1/balance/payments/{id}/cancel", params(("id" = String, Path)), security(("key" = ["balance:write"])),
    responses((status = 200, body = BalancePayment)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PaymentId>,
) -> Result<JsonBody<BalancePayment>> {
    let ctx = caller.require("balance:write")?;
    Ok(JsonBody(billing::recharge::cancel(&ctx, app.tills.as_ref(), id).await?.into()))
}
