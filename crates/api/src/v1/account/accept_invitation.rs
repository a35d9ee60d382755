//! `POST /v1/account/invitation`

use crate::v1::prelude::*;

/// An invitation that is accepted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptance {
    /// What stands in the mailed link.
    token: String,
    /// Your name, when you had no account.
    #[serde(default)]
    name: String,
    /// Your password, when you had no account.
    #[serde(default)]
    password: String,
}

/// Where somebody now belongs.
#[derive(Serialize, ToSchema)]
pub(super) struct Joined {
    /// The account.
    #[schema(value_type = String)]
    user: kernel::UserId,
    /// The workspace.
    #[schema(value_type = String)]
    workspace: kernel::WorkspaceId,
}

/// Join a workspace with the link that was mailed.
#[utoipa::path(post, path = "/v1/account/invitation", request_body = Acceptance, security(()),
    responses((status = 200, body = Joined)))]
pub(super) async fn handle(State(app): State<App>, JsonBody(input): JsonBody<Acceptance>) -> Result<JsonBody<Joined>> {
    let (user, workspace) = app.accounts.accept_invitation(&input.token, &input.name, &input.password).await?;
    Ok(JsonBody(Joined { user, workspace }))
}
