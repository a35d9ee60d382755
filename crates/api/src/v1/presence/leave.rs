//! `DELETE /v1/presence`

use super::checked;
use crate::v1::prelude::*;

/// Where you were.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PresenceLeft {
    /// The object, as `campaign:cmp_…`.
    object: String,
}

/// Say that you have left.
#[utoipa::path(delete, path = "/v1/presence", request_body = PresenceLeft, security(("session" = [])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<PresenceLeft>,
) -> Result<StatusCode> {
    let ctx = crate::v1::member(&caller)?;
    let session = crate::v1::session_of(&caller)?;
    checked(&input.object)?;
    app.shell.presence().leave((ctx.workspace, &input.object), session.id);
    Ok(StatusCode::NO_CONTENT)
}
