//! `POST /v1/members`

use accounts::members::{self, Role};
use kernel::{Email, Locale, MemberId};

use crate::v1::prelude::*;

/// Somebody to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    /// Their e-mail address.
    #[schema(value_type = String)]
    email: Email,
    /// `owner`, `admin`, `author`, `analyst` or `agent`.
    #[schema(value_type = String)]
    role: Role,
    /// The language of the message; the workspace's when absent.
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

/// A member who was invited.
#[derive(Serialize, ToSchema)]
pub(super) struct Invited {
    /// The membership.
    #[schema(value_type = String)]
    id: MemberId,
}

/// Invite somebody; they join by following the mailed link.
#[utoipa::path(post, path = "/v1/members", request_body = Invitation, security(("key" = ["members:write"])),
    responses((status = 201, body = Invited)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<Invitation>,
) -> Result<(StatusCode, JsonBody<Invited>)> {
    let ctx = caller.require("members:write")?;
    let language = match input.language {
        Some(language) => language,
        None => accounts::workspaces::get(&ctx).await?.language,
    };
    let id = members::invite(&ctx, caller.permissions(), &input.email, input.role, language).await?;
    Ok((StatusCode::CREATED, JsonBody(Invited { id })))
}
