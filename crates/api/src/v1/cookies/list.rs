//! `GET /v1/cookie-sites`

use privacy::cookies;

use super::shapes;
use crate::v1::prelude::*;

/// The sites whose visitors are asked.
#[utoipa::path(get, path = "/v1/cookie-sites", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::CookieSiteEntry>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let sites = cookies::list(&ctx).await?;
    Ok(JsonBody(sites.iter().map(|site| super::shown(&app, &ctx, site)).collect::<Vec<_>>().into()))
}
