//! `DELETE /v1/booking/payment-provider`

use crate::v1::prelude::*;

/// Forget the account. What was paid stays in the books; nothing can be paid, or paid back, until one is connected.
#[utoipa::path(delete, path = "/v1/booking/payment-provider", security(("key" = ["bookings:manage"])), responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    let ctx = caller.require("bookings:manage")?;
    app.payments.disconnect(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
