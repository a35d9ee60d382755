//! `POST /v1/signup`

use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use kernel::{Email, Locale};

use crate::v1::prelude::*;

/// Somebody who wants a workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// The address to sign in with.
    #[schema(value_type = String)]
    email: Email,
    /// The person's name.
    #[serde(default)]
    name: String,
    /// The password.
    password: String,
    /// The workspace's name, as recipients will read it.
    workspace: String,
    /// The language to work in.
    #[schema(value_type = String, example = "ar")]
    language: Locale,
    /// The organisation's postal address; may follow later.
    #[serde(default)]
    postal_address: String,
}

/// Sign up for an account and a workspace.
///
/// Both stay pending until the mailed link is followed. The answer is the same for an address that
/// has an account already.
#[utoipa::path(post, path = "/v1/signup", request_body = NewAccount, security(()), responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<NewAccount>,
) -> Result<StatusCode> {
    let user = NewUser { email: input.email, name: input.name.into(), password: input.password.into() };
    let workspace =
        NewWorkspace { name: input.workspace, language: input.language, postal_address: input.postal_address };
    app.accounts.sign_up(SignUp { user, workspace }, &client).await?;
    Ok(StatusCode::ACCEPTED)
}
