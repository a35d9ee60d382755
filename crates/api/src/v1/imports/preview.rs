//! `GET /v1/imports/{id}/rejects/preview`

use kernel::ImportId;
use people::import::job;

use super::inspect::RejectedRow;
use crate::v1::prelude::*;

/// Rows shown.
const SHOWN: usize = 100;

/// The first rows that were not imported.
#[derive(Serialize, ToSchema)]
pub(super) struct RejectsPreview {
    /// The first hundred, in the order of the file.
    items: Vec<RejectedRow>,
    /// How many there are; `/rejects` has all of them.
    total: u64,
}

/// The first hundred rows that were not imported. Kept for seven days.
#[utoipa::path(get, path = "/v1/imports/{id}/rejects/preview", params(("id" = String, Path)),
    security(("key" = ["contacts:import"])), responses((status = 200, body = RejectsPreview)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ImportId>) -> Result<JsonBody<RejectsPreview>> {
    let ctx = caller.require("contacts:import")?;
    let total = job::get(&ctx, id).await?.report.rejected;
    let mut items = Vec::new();
    job::first_rejects(&ctx, id, SHOWN, |one| {
        items.push(RejectedRow { line: one.line, reason: one.reason, value: one.value });
    })
    .await?;
    Ok(JsonBody(RejectsPreview { items, total }))
}
