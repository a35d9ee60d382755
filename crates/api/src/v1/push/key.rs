//! `GET /v1/push/key`

use super::{slice, way};
use crate::v1::prelude::*;

/// With what a browser subscribes.
#[derive(Serialize, ToSchema)]
pub(super) struct PushKey {
    /// The public key of this server: a point of P-256, base64url.
    public_key: String,
    /// The operator named push services; without one nothing is sent.
    enabled: bool,
}

/// The key with which browsers subscribe to Web Push (RFC 8292). It is the same for all workspaces of a server.
#[utoipa::path(get, path = "/v1/push/key", security(("session" = ["conversations:read"])),
    responses((status = 200, body = PushKey)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<PushKey>> {
    crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(PushKey { public_key: slice::public_key(&ctx.vault)?, enabled: way(&app).is_ok() }))
}
