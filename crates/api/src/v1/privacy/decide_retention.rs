//! `POST /v1/privacy/retention/proposals/{id}`

use kernel::EventId;
use privacy::retention;

use super::shapes;
use crate::v1::prelude::*;

/// The second person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Whether the period shall count.
    confirm: bool,
}

/// Confirm or reject a period below a legal minimum, as another signed-in member than the one who proposed it.
#[utoipa::path(post, path = "/v1/privacy/retention/proposals/{id}", params(("id" = String, Path)), request_body = Decision,
    security(("key" = ["privacy:write"])), responses((status = 200, body = shapes::RetentionProposal)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<EventId>,
    JsonBody(decision): JsonBody<Decision>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(retention::decide(&ctx, id, decision.confirm).await?)))
}
