//! `POST /v1/keys`

use accounts::keys;
use accounts::members::Role;
use kernel::ApiKeyId;

use crate::v1::prelude::*;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// What it is for.
    name: String,
    /// What it may do: `contacts:read`, `contacts:*`, `*:read`, `*`; cut down to what you may do.
    #[serde(default)]
    scopes: Vec<String>,
    /// Instead of scopes: all that this role may do.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// When it ends; never when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// For trying out: messages, calls and verifications of this key are checked, kept and answered like any other,
    /// but never leave this machine and cost nothing. Such a key may do nothing else.
    #[serde(default)]
    test: bool,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeKey {
    /// Its id.
    #[schema(value_type = String)]
    id: ApiKeyId,
    /// The key. It cannot be had again.
    key: String,
}

/// Make a key. It is shown this once.
#[utoipa::path(post, path = "/v1/keys", request_body = NewKey, security(("key" = ["keys:write"])),
    responses((status = 201, body = MadeKey)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewKey>,
) -> Result<(StatusCode, JsonBody<MadeKey>)> {
    let ctx = caller.require("keys:write")?;
    let NewKey { name, scopes, role, expires_at, test } = input;
    let new = keys::NewKey { name, scopes, role, expires_at, test };
    let (id, key) = app.accounts.create_key(&ctx, caller.permissions(), new).await?;
    Ok((StatusCode::CREATED, JsonBody(MadeKey { id, key })))
}
