//! `GET /v1/imports`

use people::import::job;

use super::ImportAnswer;
use crate::v1::prelude::*;

/// The newest hundred imports, newest first.
#[utoipa::path(get, path = "/v1/imports", security(("key" = ["contacts:import"])),
    responses((status = 200, body = Listed<ImportAnswer>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<ImportAnswer>>> {
    let ctx = caller.require("contacts:import")?;
    let imports = job::list(&ctx, 100).await?;
    Ok(JsonBody(imports.into_iter().map(ImportAnswer::from).collect::<Vec<_>>().into()))
}
