//! `GET /v1/cookie-sites/{id}/versions/{version}`

use kernel::CookieSiteId;
use privacy::cookies::{self, Design};

use crate::v1::prelude::*;

/// What a site's visitors saw in one version.
#[utoipa::path(get, path = "/v1/cookie-sites/{id}/versions/{version}",
    params(("id" = String, Path), ("version" = i64, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path((id, version)): Path<(CookieSiteId, i64)>) -> Result<JsonBody<Design>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(cookies::version(&ctx, id, version).await?))
}
