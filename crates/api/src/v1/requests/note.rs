//! `POST /v1/privacy/requests/{id}/note`

use kernel::RequestId;
use privacy::requests;

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// What.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Remark {
    /// Kept sealed while the request is open.
    text: String,
}

/// Write something into the timeline of an open request.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/note", params(("id" = String, Path)), request_body = Remark,
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<RequestId>,
    JsonBody(input): JsonBody<Remark>,
) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    requests::note(&ctx, id, &input.text).await?;
    let request = requests::get(&ctx, id).await?;
    trail::note(&ctx, "request.noted", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
