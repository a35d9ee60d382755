//! `GET /v1/booking/report`

use crate::v1::prelude::*;

/// Of which time.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportRange {
    /// From (inclusive).
    #[param(value_type = String)]
    from: Timestamp,
    /// To (exclusive).
    #[param(value_type = String)]
    to: Timestamp,
}

/// Figures of the bookings that start within a range.
#[utoipa::path(get, path = "/v1/booking/report", params(ReportRange), security(("key" = ["bookings:read"])), responses((status = 200, body = booking::reservations::Report)))]
pub(super) async fn handle(
    caller: Caller,
    Query(range): Query<ReportRange>,
) -> Result<JsonBody<booking::reservations::Report>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(booking::reservations::report(&ctx, range.from, range.to).await?))
}
