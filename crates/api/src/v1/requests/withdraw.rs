//! `POST /v1/privacy/requests/{id}/withdraw`

use kernel::RequestId;
use privacy::requests;

use super::{RequestView, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// The person takes the request back.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/withdraw", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestView)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RequestId>) -> Result<JsonBody<RequestView>> {
    let ctx = caller.require("privacy:write")?;
    let request = requests::withdraw(&ctx, id).await?;
    trail::note(&ctx, "request.withdrawn", &[&id]).await?;
    Ok(JsonBody(view(&ctx, &request).await?))
}
