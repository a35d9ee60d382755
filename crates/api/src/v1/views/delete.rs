//! `DELETE /v1/views/{id}`

use accounts::views;
use kernel::SavedViewId;

use crate::v1::prelude::*;

/// Delete a saved view: your own, or a shared one when you run the workspace.
#[utoipa::path(delete, path = "/v1/views/{id}", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SavedViewId>) -> Result<StatusCode> {
    let ctx = crate::v1::member(&caller)?;
    views::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
