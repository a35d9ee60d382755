//! `PATCH /v1/booking/hosts/{id}`

use kernel::{HostId, Patch, ScheduleId};

use crate::v1::prelude::*;

/// What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingHostChange {
    /// The member's zone.
    timezone: Option<String>,
    /// The hours; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    schedule: Patch<ScheduleId>,
}

/// Change a host's zone and hours. Members may change their own.
#[utoipa::path(patch, path = "/v1/booking/hosts/{id}", params(("id" = String, Path)), request_body = BookingHostChange, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingHost)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<HostId>,
    JsonBody(change): JsonBody<BookingHostChange>,
) -> Result<JsonBody<super::BookingHost>> {
    let ctx = caller.require("bookings:write")?;
    super::own(&caller, &ctx, id).await?;
    let before = booking::hosts::get(&ctx, id).await?;
    let timezone = change.timezone.unwrap_or(before.timezone);
    let host = booking::hosts::update(&ctx, id, &timezone, change.schedule.apply(before.schedule)).await?;
    let shown = super::shown(&ctx, vec![host]).await?.into_iter().next().ok_or(booking::Error::NotFound("host"))?;
    Ok(JsonBody(shown))
}
