//! `POST /v1/cookie-proofs/lookup`

use privacy::cookies::{self, Proof};

use crate::v1::prelude::*;

/// Whose choices.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Browser {
    /// The number in the visitor's cookie `barid_consent`.
    visitor: String,
}

/// Every choice made in one browser, for a visitor who asks or an authority. The number stands in the
/// body, so that no log keeps it.
#[utoipa::path(post, path = "/v1/cookie-proofs/lookup", request_body = Browser, security(("key" = ["privacy:read"])),
    responses((status = 200, body = Vec<Json>)))]
pub(super) async fn handle(caller: Caller, JsonBody(browser): JsonBody<Browser>) -> Result<JsonBody<Vec<Proof>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(cookies::proofs_of_visitor(&ctx, &browser.visitor).await?))
}
