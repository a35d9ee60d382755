//! `POST /v1/privacy/requests/{id}/verify`

use kernel::RequestId;
use privacy::requests::{self, By};

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// How.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    /// What was looked at; kept sealed while the request is open.
    evidence: String,
}

/// Say how it was checked who asks.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/verify", params(("id" = String, Path)), request_body = Evidence,
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<RequestId>,
    JsonBody(input): JsonBody<Evidence>,
) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    let request = requests::verify(&ctx, id, By::Member, Some(&input.evidence)).await?;
    trail::note(&ctx, "request.verified", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
