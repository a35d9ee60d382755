//! `POST /v1/booking/hosts`

use kernel::{ScheduleId, UserId};

use crate::v1::prelude::*;

/// A member who becomes a host.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBookingHost {
    /// The member's account.
    #[schema(value_type = String)]
    member: UserId,
    /// The member's zone, such as `Asia/Riyadh`.
    timezone: String,
    /// The hours.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    schedule: Option<ScheduleId>,
}

/// Make a member a host; a member who is one already is given back.
#[utoipa::path(post, path = "/v1/booking/hosts", request_body = NewBookingHost, security(("key" = ["bookings:manage"])), responses((status = 201, body = super::BookingHost)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewBookingHost>,
) -> Result<(StatusCode, JsonBody<super::BookingHost>)> {
    let ctx = caller.require("bookings:manage")?;
    let host = booking::hosts::ensure(&ctx, input.member, &input.timezone, input.schedule).await?;
    let shown = super::shown(&ctx, vec![host]).await?.into_iter().next().ok_or(booking::Error::NotFound("host"))?;
    Ok((StatusCode::CREATED, JsonBody(shown)))
}
