//! `DELETE /v1/keys/{id}`

use kernel::ApiKeyId;

use crate::v1::prelude::*;

/// Revoke a key: requests with it fail from now on.
#[utoipa::path(delete, path = "/v1/keys/{id}", params(("id" = String, Path)), security(("key" = ["keys:write"])),
    responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<ApiKeyId>) -> Result<StatusCode> {
    let ctx = caller.require("keys:write")?;
    app.accounts.revoke_key(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
