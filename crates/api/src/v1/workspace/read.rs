//! `GET /v1/workspace`

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// The workspace of the key or session: name, postal address, language, settings, gate settings.
#[utoipa::path(get, path = "/v1/workspace", security(("key" = ["workspace:read"])), responses((status = 200, body = shapes::Workspace)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("workspace:read")?;
    Ok(JsonBody(shown(&ctx).await?))
}
