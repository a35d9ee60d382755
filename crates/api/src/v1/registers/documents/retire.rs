//! `DELETE /v1/privacy/documents/{id}`

use kernel::DocumentId;
use privacy::documents;

use crate::v1::prelude::*;

/// Take a document out of use; the entry stays.
#[utoipa::path(delete, path = "/v1/privacy/documents/{id}", params(("id" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<DocumentId>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    documents::retire(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
