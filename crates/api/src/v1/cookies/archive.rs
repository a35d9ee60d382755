//! `POST /v1/cookie-sites/{id}/archive`

use kernel::CookieSiteId;
use privacy::cookies;

use crate::v1::prelude::*;

/// Take a site out of use. Its proofs stay.
#[utoipa::path(post, path = "/v1/cookie-sites/{id}/archive", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CookieSiteId>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    cookies::get(&ctx, id).await?;
    cookies::archive(&ctx, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
