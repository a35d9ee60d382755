//! `POST /v1/replies/{id}/settle`

use kernel::EventId;
use mail::incoming::{Decision, settle};

use super::shown;
use crate::v1::prelude::*;

/// What was decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettleRequest {
    /// `optout`, `object` and `legal` end marketing; `not_optout` and `answered` let what was paused go on.
    #[schema(value_type = String)]
    decision: Decision,
}

/// Decide about a message that waits.
#[utoipa::path(post, path = "/v1/replies/{id}/settle", params(("id" = String, Path)), request_body = SettleRequest,
    security(("key" = ["contacts:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EventId>,
    JsonBody(input): JsonBody<SettleRequest>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:write")?;
    Ok(JsonBody(shown(&settle(&ctx, &app.outbound, id, input.decision).await?)))
}
