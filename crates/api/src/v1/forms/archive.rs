//! `DELETE /v1/forms/{id}`

use kernel::FormId;
use people::forms;

use crate::v1::prelude::*;

/// Take a form out of use; evidence still names it. `PATCH` with `archived: false` brings it back.
#[utoipa::path(delete, path = "/v1/forms/{id}", params(("id" = String, Path)), security(("key" = ["forms:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FormId>) -> Result<StatusCode> {
    let ctx = caller.require("forms:write")?;
    forms::get(&ctx, id).await?;
    forms::archive(&ctx, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
