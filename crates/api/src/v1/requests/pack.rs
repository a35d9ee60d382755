//! `GET /v1/privacy/requests/{id}/pack`

use kernel::RequestId;
use privacy::requests;

use crate::v1::prelude::*;
use crate::v1::trail;

/// The access pack of a fulfilled request, for fourteen days. Each download is written into the audit trail.
#[utoipa::path(get, path = "/v1/privacy/requests/{id}/pack", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RequestId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    requests::get(&ctx, id).await?;
    let (pack, _) = requests::pack_of(&ctx, id).await?.ok_or_else(|| Failure::not_found("access pack"))?;
    trail::note(&ctx, "request.downloaded", &[&id]).await?;
    Ok(JsonBody(pack))
}
