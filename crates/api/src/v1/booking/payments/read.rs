//! `GET /v1/booking/payment-provider`

use super::PaymentProvider;
use crate::v1::prelude::*;

/// Whether and how the workspace is paid for appointments.
#[utoipa::path(get, path = "/v1/booking/payment-provider", security(("key" = ["bookings:read"])),
    responses((status = 200, body = PaymentProvider)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<PaymentProvider>> {
    let ctx = caller.require("bookings:read")?;
    let standing = app.payments.standing(&ctx).await?;
    Ok(JsonBody(PaymentProvider::of(&app, &ctx, standing)))
}
