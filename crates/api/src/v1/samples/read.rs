//! `GET /v1/samples`

use super::{SamplesAnswer, shown};
use crate::v1::prelude::*;

/// Whether sample data are loaded, and what belongs to them.
#[utoipa::path(get, path = "/v1/samples", security(("key" = ["workspace:read"])),
    responses((status = 200, body = SamplesAnswer)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<SamplesAnswer>> {
    let ctx = caller.require("workspace:read")?;
    let loaded = campaigns::samples::state(&ctx).await?;
    Ok(JsonBody(shown(&ctx, &loaded).await?))
}
