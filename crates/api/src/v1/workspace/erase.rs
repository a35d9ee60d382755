//! `POST /v1/workspace/erase`

use crate::v1::prelude::*;

/// The owner's word, said twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LastWord {
    /// The workspace's name, typed.
    name: String,
    /// The owner's password, again.
    password: String,
}

/// Erase the workspace with everything in it, for good: its key is destroyed, so that no backup can be read.
///
/// For a signed-in owner; a key cannot do it. Answers with a signed certificate, this once.
#[utoipa::path(post, path = "/v1/workspace/erase", request_body = LastWord, security(("key" = ["workspace:close"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(word): JsonBody<LastWord>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("workspace:close")?;
    let Some(session) = caller.session() else {
        return Err(Problem::new(Code::Conflict, "only a signed-in owner erases a workspace, never a key").into());
    };
    let workspace = accounts::workspaces::get(&ctx).await?;
    if word.name.trim() != workspace.name {
        return Err(Problem::field("name", "type the workspace's name exactly as it is").into());
    }
    app.accounts.require_password(session.user, &word.password).await?;
    let certificate = privacy::erasure::erase_workspace(&ctx).await?;
    app.live.drop_workspace(ctx.workspace);
    Ok(JsonBody(json!(certificate)))
}
