//! `GET /v1/keys`

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The keys that are not revoked: id, name, scopes, maker, instants. Never the key itself.
#[utoipa::path(get, path = "/v1/keys", security(("key" = ["keys:read"])), responses((status = 200, body = Listed<shapes::Key>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("keys:read")?;
    let keys = app.accounts.list_keys(&ctx).await?;
    Ok(JsonBody(keys.iter().map(|key| json!(key)).collect::<Vec<_>>().into()))
}
