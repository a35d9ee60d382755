//! `GET /v1/privacy/processors/{id}`

use kernel::ProcessorId;
use privacy::processors;

use crate::v1::prelude::*;

/// A recipient, with what is missing before it can be enabled.
#[utoipa::path(get, path = "/v1/privacy/processors/{id}", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ProcessorId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(processors::get(&ctx, id).await?)))
}
