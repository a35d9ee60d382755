//! `PATCH /v1/booking/calendars/accounts/{id}`

use booking::calendars::ChangeAccount;
use kernel::{CalendarAccountId, Patch};

use super::shapes::CalendarAccount;
use super::theirs;
use crate::v1::prelude::*;

/// Changes to an account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarAccountChange {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    username: Option<String>,
    /// Tried before it is kept.
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    addresses: Option<Vec<String>>,
    /// Null for the host's zone.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    time_zone: Patch<String>,
}

/// Change an account.
#[utoipa::path(patch, path = "/v1/booking/calendars/accounts/{id}", params(("id" = String, Path)),
    request_body = CalendarAccountChange, security(("key" = ["bookings:write"])),
    responses((status = 200, body = CalendarAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CalendarAccountId>,
    JsonBody(input): JsonBody<CalendarAccountChange>,
) -> Result<JsonBody<CalendarAccount>> {
    let ctx = caller.require("bookings:write")?;
    theirs(&ctx, &caller, app.calendars.account(&ctx, id).await?.host, "calendar account").await?;
    let change = ChangeAccount {
        label: input.label,
        username: input.username,
        password: input.password,
        addresses: input.addresses,
        time_zone: input.time_zone,
    };
    Ok(JsonBody(app.calendars.change(&ctx, id, change).await?.into()))
}
