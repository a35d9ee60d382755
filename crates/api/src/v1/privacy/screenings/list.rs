//! `GET /v1/privacy/screenings`

use privacy::screening;

use super::ScreeningList;
use crate::v1::prelude::*;

/// The national opt-out lists in force, newest first. They name nobody.
#[utoipa::path(get, path = "/v1/privacy/screenings", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<ScreeningList>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let found = screening::list(&ctx).await?;
    Ok(JsonBody(found.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
