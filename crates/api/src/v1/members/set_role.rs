//! `PATCH /v1/members/{id}`

use accounts::members::{self, Role};
use kernel::MemberId;

use crate::v1::prelude::*;

/// What a member shall be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleChange {
    /// `owner`, `admin`, `author`, `analyst` or `agent`.
    #[schema(value_type = String)]
    role: Role,
}

/// Give a member another role. The last owner stays owner.
#[utoipa::path(patch, path = "/v1/members/{id}", params(("id" = String, Path)), request_body = RoleChange,
    security(("key" = ["members:write"])), responses((status = 204)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<MemberId>,
    JsonBody(input): JsonBody<RoleChange>,
) -> Result<StatusCode> {
    let ctx = caller.require("members:write")?;
    members::set_role(&ctx, caller.permissions(), id, input.role).await?;
    Ok(StatusCode::NO_CONTENT)
}
