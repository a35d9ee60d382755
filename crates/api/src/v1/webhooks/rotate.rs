//! `POST /v1/webhooks/{id}/rotate`

use kernel::EndpointId;

use super::Secret;
use crate::v1::prelude::*;

/// How a secret is replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotation {
    /// Seconds for which the secret before signs as well, at most seven days; a day when absent.
    #[serde(default)]
    overlap_seconds: Option<i64>,
}

/// Give an endpoint a new secret.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate", params(("id" = String, Path)), request_body = Rotation,
    security(("key" = ["webhooks:write"])), responses((status = 200, body = Secret)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
    JsonBody(input): JsonBody<Rotation>,
) -> Result<JsonBody<Secret>> {
    let ctx = caller.require("webhooks:write")?;
    app.webhooks.get(&ctx, id).await?;
    let secret = app.webhooks.rotate(&ctx, id, input.overlap_seconds.unwrap_or(86_400)).await?;
    Ok(JsonBody(Secret { secret }))
}
