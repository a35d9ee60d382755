//! `POST /v1/privacy/erasures/verify`

use privacy::erasure;

use crate::v1::prelude::*;

/// What came of looking at a certificate.
#[derive(Serialize, ToSchema)]
pub(super) struct CertificateCheck {
    /// Whether the signature fits the key that the certificate names.
    authentic: bool,
    /// Whether that key is this workspace's.
    ours: bool,
    /// Why it is not believed; null when it is.
    why: Option<String>,
}

/// Whether a certificate of erasure is genuine: its signature fits its key, and the key is this workspace's.
///
/// Offline: `barid erasure verify FILE`, or verify the Ed25519 signature over the certificate's JSON without its
/// member `signature`, in canonical form (RFC 8785).
#[utoipa::path(post, path = "/v1/privacy/erasures/verify", request_body = Json, security(("key" = ["privacy:read"])),
    responses((status = 200, body = CertificateCheck)))]
pub(super) async fn handle(caller: Caller, JsonBody(given): JsonBody<Json>) -> Result<JsonBody<CertificateCheck>> {
    let ctx = caller.require("privacy:read")?;
    match erasure::verify(&given, None) {
        Err(erasure::Refused::NoCertificate) => {
            Err(Failure::new(Code::InvalidInput, "this is no certificate of erasure"))
        }
        Err(why) => Ok(JsonBody(CertificateCheck { authentic: false, ours: false, why: Some(why.to_string()) })),
        Ok(checked) => {
            let ours = checked.workspace == ctx.workspace.to_string()
                && privacy::ledger::checkpoint(&ctx).await?.public_key == checked.public_key;
            Ok(JsonBody(CertificateCheck { authentic: true, ours, why: None }))
        }
    }
}
