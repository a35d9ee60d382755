//! `POST /v1/imports/{id}/cancel`

use kernel::ImportId;
use people::import::job;

use super::ImportAnswer;
use crate::v1::prelude::*;

/// End an import; whoever was imported stays.
#[utoipa::path(post, path = "/v1/imports/{id}/cancel", params(("id" = String, Path)),
    security(("key" = ["contacts:import"])), responses((status = 200, body = ImportAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ImportId>) -> Result<JsonBody<ImportAnswer>> {
    let ctx = caller.require("contacts:import")?;
    job::cancel(&ctx, id).await?;
    Ok(JsonBody(job::get(&ctx, id).await?.into()))
}
