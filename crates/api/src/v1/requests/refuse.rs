//! `POST /v1/privacy/requests/{id}/refuse`

use kernel::RequestId;
use privacy::requests::{self, Ground};

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// On which ground.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    /// Such as `identity_unverified`, `excessive` or `legal_claims`.
    #[schema(value_type = String)]
    ground: Ground,
    /// What the person reads.
    explanation: String,
}

/// Refuse a request on a lawful ground, and have the person told why and where to complain.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/refuse", params(("id" = String, Path)), request_body = Refusal,
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<RequestId>,
    JsonBody(input): JsonBody<Refusal>,
) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    let request = requests::refuse(&ctx, id, input.ground, &input.explanation).await?;
    trail::note(&ctx, "request.refused", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
