//! `POST /v1/privacy/erasures/verify`

use privacy::erasure::Certificate;

use crate::v1::prelude::*;

/// Whether a certificate of erasure is genuine: its signature fits its key, and the key is this workspace's.
///
/// Offline, verify the Ed25519 signature over the certificate's JSON with an empty `signature`.
#[utoipa::path(post, path = "/v1/privacy/erasures/verify", request_body = Json, security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(given): JsonBody<Json>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let certificate: Certificate =
        serde_json::from_value(given).map_err(|_| Problem::new(Code::InvalidInput, "this is no certificate"))?;
    let ours = certificate.workspace == ctx.workspace
        && privacy::ledger::checkpoint(&ctx).await?.public_key == certificate.public_key;
    Ok(JsonBody(json!({ "authentic": certificate.is_authentic(), "ours": ours })))
}
