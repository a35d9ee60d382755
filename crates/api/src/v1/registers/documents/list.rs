//! `GET /v1/privacy/documents`

use privacy::documents;

use super::super::shapes;
use crate::v1::prelude::*;

/// The register of documents: agreements, certificates, reports, with their last day.
#[utoipa::path(get, path = "/v1/privacy/documents", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::DocumentEntry>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(documents::list(&ctx).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
