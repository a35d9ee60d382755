//! `GET /v1/cookie-proofs`

use privacy::cookies::{self, Proof};

use crate::v1::prelude::*;

/// Whose choices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// The number in the visitor's cookie `barid_consent`.
    visitor: String,
}

/// Every choice made in one browser, for a visitor who asks or an authority.
#[utoipa::path(get, path = "/v1/cookie-proofs", params(Whose), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Vec<Json>)))]
pub(super) async fn handle(caller: Caller, Query(whose): Query<Whose>) -> Result<JsonBody<Vec<Proof>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(cookies::proofs_of_visitor(&ctx, &whose.visitor).await?))
}
