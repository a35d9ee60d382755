//! `DELETE /v1/balance/payment-method`

use billing::recharge::method;

use super::shapes::SavedMethod;
use crate::v1::prelude::*;

/// Take back that a payment method is kept, and with it automatic recharging. It is deleted here at once, and at the provider
/// now or, when that fails, as soon as it can be: `leaving` says what the provider still has.
#[utoipa::path(delete, path = "/v1/balance/payment-method", security(("key" = ["balance:write"])),
    responses((status = 200, body = SavedMethod)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<SavedMethod>> {
    let ctx = caller.require("balance:write")?;
    let saved = method::withdraw(&ctx, app.tills.as_ref()).await?;
    Ok(JsonBody(SavedMethod::of(&app, &ctx, saved, None).await?))
}
