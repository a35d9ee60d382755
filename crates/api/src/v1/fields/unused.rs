//! `GET /v1/fields/unused`

use people::unused;

use crate::v1::prelude::*;

/// Fields that nothing has read for ninety days.
#[derive(Serialize, ToSchema)]
pub(super) struct UnusedFields {
    /// Since which day reads are marked.
    watched_since: Option<String>,
    /// `key`, `label`, `purpose`, `values`, `last_read`, `last_reader`, `reason` (`not_read` or
    /// `no_phone_purpose`), `proposal`.
    items: Vec<Json>,
}

/// Fields with values that no message, segment, export, form or answer has read for ninety days, and phone numbers
/// that nobody may use; proposed for deletion.
#[utoipa::path(get, path = "/v1/fields/unused", security(("key" = ["fields:read"])),
    responses((status = 200, body = UnusedFields)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<UnusedFields>> {
    let ctx = caller.require("fields:read")?;
    let report = unused::report(&ctx, &app.live).await?;
    let items = report.items.iter().map(|item| json!(item)).collect();
    Ok(JsonBody(UnusedFields { watched_since: report.watched_since, items }))
}
