//! `GET /v1/activity`

use super::{Activity, all};
use crate::v1::prelude::*;

/// Long work: what runs, then what ended within a day, newest first.
#[utoipa::path(get, path = "/v1/activity", security(("key" = ["workspace:read"])),
    responses((status = 200, body = Listed<Activity>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Activity>>> {
    let ctx = caller.require("workspace:read")?;
    Ok(JsonBody(all(&ctx).await?.into()))
}
