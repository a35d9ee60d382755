//! `GET /v1/booking/hosts`

use crate::v1::prelude::*;

/// Every host, those of former members included.
#[utoipa::path(get, path = "/v1/booking/hosts", security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<super::BookingHost>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<super::BookingHost>>> {
    let ctx = caller.require("bookings:read")?;
    let all = booking::hosts::list(&ctx).await?;
    Ok(JsonBody(super::shown(&ctx, all).await?.into()))
}
