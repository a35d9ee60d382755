//! `GET /v1/imports/{id}`

use kernel::ImportId;
use people::import::job;

use super::ImportAnswer;
use crate::v1::prelude::*;

/// An import and what it did so far.
#[utoipa::path(get, path = "/v1/imports/{id}", params(("id" = String, Path)),
    security(("key" = ["contacts:import"])), responses((status = 200, body = ImportAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ImportId>) -> Result<JsonBody<ImportAnswer>> {
    let ctx = caller.require("contacts:import")?;
    Ok(JsonBody(job::get(&ctx, id).await?.into()))
}
