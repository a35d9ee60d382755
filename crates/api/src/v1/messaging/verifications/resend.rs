//! `POST /v1/verifications/{id}/resend`

use kernel::VerificationId;

use super::shapes::{Verification, way, whole};
use crate::v1::prelude::*;

/// How a code is sent again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResentCode {
    /// `sms`, `voice` or `email`; absent: the next of the service's ladder.
    #[serde(default)]
    channel: Option<String>,
}

/// Send the same code once more, by the next way of its service's ladder or the one that is asked for.
#[utoipa::path(post, path = "/v1/verifications/{id}/resend", params(("id" = String, Path)), request_body = ResentCode,
    security(("key" = ["messages:send"])), responses((status = 200, body = Verification)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<VerificationId>,
    JsonBody(input): JsonBody<ResentCode>,
) -> Result<JsonBody<Verification>> {
    let ctx = caller.require("messages:send")?;
    let channel = way(input.channel.as_deref())?;
    app.verify.resend(&ctx, id, (channel, caller.is_test())).await?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
