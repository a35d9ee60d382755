//! `GET /v1/contacts/bulk`

use people::bulk;

use super::BulkAnswer;
use crate::v1::prelude::*;

/// The newest hundred acts on many people, newest first.
#[utoipa::path(get, path = "/v1/contacts/bulk", security(("key" = ["contacts:read"])),
    responses((status = 200, body = Listed<BulkAnswer>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<BulkAnswer>>> {
    let ctx = caller.require("contacts:read")?;
    Ok(JsonBody(bulk::list(&ctx, 100).await?.into_iter().map(BulkAnswer::from).collect::<Vec<_>>().into()))
}
