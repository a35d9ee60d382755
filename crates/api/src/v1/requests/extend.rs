//! `POST /v1/privacy/requests/{id}/extend`

use kernel::RequestId;
use privacy::requests;

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    /// What makes it take longer: complexity, or the number of requests. The person reads it.
    reason: String,
}

/// Extend the term by two months and have the person told why.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/extend", params(("id" = String, Path)), request_body = Extension,
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<RequestId>,
    JsonBody(input): JsonBody<Extension>,
) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    let request = requests::extend(&ctx, id, &input.reason).await?;
    trail::note(&ctx, "request.extended", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
