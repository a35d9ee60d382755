//! `POST /v1/cookie-sites`

use privacy::cookies::{self, Design};

use super::shapes;
use crate::v1::prelude::*;

/// A site to be asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCookieSite {
    /// What members call it.
    name: String,
    /// Its hosts, what it loads for which purpose, how it asks.
    #[schema(value_type = shapes::CookieDesign)]
    design: Design,
}

/// Add a site.
#[utoipa::path(post, path = "/v1/cookie-sites", request_body = NewCookieSite, security(("key" = ["privacy:write"])),
    responses((status = 201, body = shapes::CookieSiteEntry)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewCookieSite>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let site = cookies::create(&ctx, &input.name, &input.design).await?;
    Ok((StatusCode::CREATED, JsonBody(super::shown(&app, &ctx, &site))))
}
