//! `POST /v1/booking/erase`

use kernel::Email;

use crate::v1::prelude::*;

/// Whose bookings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseBookings {
    /// The address.
    email: String,
}

/// How many there were.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasedBookings {
    /// How many.
    erased: u64,
}

/// Erase every booking of whoever has this address, at once.
#[utoipa::path(post, path = "/v1/booking/erase", request_body = EraseBookings, security(("key" = ["bookings:manage"])), responses((status = 200, body = ErasedBookings)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<EraseBookings>,
) -> Result<JsonBody<ErasedBookings>> {
    let ctx = caller.require("bookings:manage")?;
    let email = Email::parse(&input.email).map_err(|error| Problem::field("email", error.to_string()))?;
    let erased = booking::reservations::erase_by_email(&ctx, &email).await?;
    Ok(JsonBody(ErasedBookings { erased }))
}
