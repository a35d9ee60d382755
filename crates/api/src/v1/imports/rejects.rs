//! `GET /v1/imports/{id}/rejects`

use axum::response::Response;
use kernel::ImportId;
use people::import::job;

use crate::v1::prelude::*;
use crate::v1::stream;

/// The rows that were not imported, as CSV: line, reason, value. Kept for seven days.
#[utoipa::path(get, path = "/v1/imports/{id}/rejects", params(("id" = String, Path)),
    security(("key" = ["contacts:import"])), responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ImportId>) -> Result<Response> {
    let ctx = caller.require("contacts:import")?;
    job::get(&ctx, id).await?;
    let body = stream::written(move |out| async move { job::write_rejects(&ctx, id, out).await });
    Ok(stream::file(body, "text/csv; charset=utf-8", Some("rejects.csv")))
}
