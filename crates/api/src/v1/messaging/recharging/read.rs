//! `GET /v1/balance/payments/{id}`

use billing::recharge;
use kernel::PaymentId;

use super::shapes::BalancePayment;
use crate::v1::prelude::*;

/// A payment for the balance. While it is open the provider is asked what became of it.
#[utoipa::path(get, path = "/v1/balance/payments/{id}", params(("id" = String, Path)), security(("key" = ["balance:read"])),
    responses((status = 200, body = BalancePayment)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PaymentId>,
) -> Result<JsonBody<BalancePayment>> {
    let ctx = caller.require("balance:read")?;
    let known = recharge::get(&ctx, id).await?;
    if !known.state.is_open() {
        return Ok(JsonBody(known.into()));
    }
    match recharge::look(&ctx, app.tills.as_ref(), id).await {
        Ok(now) => Ok(JsonBody(now.into())),
        // As it was known last; the job asks again.
        Err(billing::Error::Provider(_) | billing::Error::State(_)) => Ok(JsonBody(known.into())),
        Err(error) => Err(error.into()),
    }
}
