//! `POST /v1/workspaces`

use accounts::workspaces;
use kernel::{Locale, WorkspaceId};

use crate::v1::prelude::*;

/// A further workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FurtherWorkspace {
    /// Its name, as recipients will read it.
    name: String,
    /// The language to work in.
    #[schema(value_type = String)]
    language: Locale,
    /// The organisation's postal address; may follow later.
    #[serde(default)]
    postal_address: String,
}

/// A workspace that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeWorkspace {
    /// Its id.
    #[schema(value_type = String)]
    id: WorkspaceId,
}

/// Make a further workspace, of which you are the owner.
#[utoipa::path(post, path = "/v1/workspaces", request_body = FurtherWorkspace, security(("session" = [])),
    responses((status = 201, body = MadeWorkspace)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<FurtherWorkspace>,
) -> Result<(StatusCode, JsonBody<MadeWorkspace>)> {
    let new =
        workspaces::NewWorkspace { name: input.name, language: input.language, postal_address: input.postal_address };
    let id = app.accounts.create_workspace(signed_in.session.user, &new).await?;
    Ok((StatusCode::CREATED, JsonBody(MadeWorkspace { id })))
}
