//! `POST /v1/privacy/requests/{id}/challenge`

use kernel::RequestId;
use privacy::requests;

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Mail another link to the address on file; at most three.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/challenge", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RequestId>) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    let request = requests::challenge(&ctx, id).await?;
    trail::note(&ctx, "request.challenged", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
