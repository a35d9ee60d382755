//! `DELETE /v1/members/{id}`

use accounts::members;
use kernel::MemberId;

use crate::v1::prelude::*;

/// Take a member out of the workspace. The last owner stays.
#[utoipa::path(delete, path = "/v1/members/{id}", params(("id" = String, Path)),
    security(("key" = ["members:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<MemberId>) -> Result<StatusCode> {
    let ctx = caller.require("members:write")?;
    members::remove(&ctx, caller.permissions(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
