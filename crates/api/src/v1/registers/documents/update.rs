//! `PUT /v1/privacy/documents/{id}`

use kernel::DocumentId;
use privacy::documents::{self, Draft};

use super::super::shapes;
use crate::v1::prelude::*;

/// Change a document, all of it anew.
#[utoipa::path(put, path = "/v1/privacy/documents/{id}", params(("id" = String, Path)), request_body = shapes::DocumentDraft, security(("key" = ["privacy:write"])),
    responses((status = 200, body = shapes::DocumentEntry)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<DocumentId>,
    JsonBody(input): JsonBody<Draft>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(documents::update(&ctx, id, input).await?)))
}
