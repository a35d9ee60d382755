//! `GET /v1/cookie-sites/{id}`

use kernel::CookieSiteId;
use privacy::cookies;

use super::shapes;
use crate::v1::prelude::*;

/// A site.
#[utoipa::path(get, path = "/v1/cookie-sites/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = shapes::CookieSiteEntry)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CookieSiteId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(super::shown(&app, &ctx, &cookies::get(&ctx, id).await?)))
}
