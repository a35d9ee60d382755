//! `PUT /v1/presence`

use super::{ModeWord, PresenceAnswer, checked, named};
use crate::v1::prelude::*;

/// Where you are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PresenceSaid {
    /// The object, as `campaign:cmp_…`.
    object: String,
    /// What you do.
    mode: ModeWord,
}

/// Say where you are and what you do; answers who else is there. Say it again every ten to fifteen seconds:
/// after thirty you count as gone.
#[utoipa::path(put, path = "/v1/presence", request_body = PresenceSaid, security(("session" = [])),
    responses((status = 200, body = PresenceAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<PresenceSaid>,
) -> Result<JsonBody<PresenceAnswer>> {
    let ctx = crate::v1::member(&caller)?;
    let session = crate::v1::session_of(&caller)?;
    checked(&input.object)?;
    let place = (ctx.workspace, input.object.as_str());
    let who = (session.id, session.user);
    let present = app.shell.presence().say(place, who, input.mode.into(), ctx.now());
    Ok(JsonBody(named(&ctx, session.user, &input.object, present).await?))
}
