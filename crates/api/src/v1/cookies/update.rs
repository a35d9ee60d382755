//! `PATCH /v1/cookie-sites/{id}`

use kernel::CookieSiteId;
use privacy::cookies::{self, Design};

use super::shapes;
use crate::v1::prelude::*;

/// Changes to a site; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CookieSiteChange {
    /// What members call it.
    name: Option<String>,
    /// The design, all of it anew.
    #[schema(value_type = Option<shapes::CookieDesign>)]
    design: Option<Design>,
    /// The version the change was made against.
    version: Option<i64>,
}

/// Publish a changed site. Visitors are asked again when it loads something else than before.
#[utoipa::path(patch, path = "/v1/cookie-sites/{id}", params(("id" = String, Path)), request_body = CookieSiteChange,
    security(("key" = ["privacy:write"])), responses((status = 200, body = shapes::CookieSiteEntry)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CookieSiteId>,
    JsonBody(input): JsonBody<CookieSiteChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let before = cookies::get(&ctx, id).await?;
    if input.version.is_some_and(|version| version != before.version) {
        return Err(Failure::new(Code::VersionConflict, "it was changed meanwhile; read it again"));
    }
    let name = input.name.as_ref().unwrap_or(&before.name);
    let design = input.design.as_ref().unwrap_or(&before.design);
    let site = cookies::update(&ctx, &before, name, design).await?;
    Ok(JsonBody(super::shown(&app, &ctx, &site)))
}
