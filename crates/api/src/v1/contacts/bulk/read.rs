//! `GET /v1/contacts/bulk/{id}`

use kernel::JobId;
use people::bulk;

use super::BulkAnswer;
use crate::v1::prelude::*;

/// An act on many people and how far it is.
#[utoipa::path(get, path = "/v1/contacts/bulk/{id}", params(("id" = String, Path)),
    security(("key" = ["contacts:read"])), responses((status = 200, body = BulkAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<JobId>) -> Result<JsonBody<BulkAnswer>> {
    let ctx = caller.require("contacts:read")?;
    Ok(JsonBody(bulk::get(&ctx, id).await?.into()))
}
