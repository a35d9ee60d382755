//! `POST /v1/contacts/bulk/{id}/cancel`

use kernel::JobId;
use people::bulk;

use super::BulkAnswer;
use crate::v1::prelude::*;
use crate::v1::trail;

/// End an act on many people; what was done stays done.
#[utoipa::path(post, path = "/v1/contacts/bulk/{id}/cancel", params(("id" = String, Path)),
    security(("key" = ["contacts:write"])), responses((status = 200, body = BulkAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<JobId>) -> Result<JsonBody<BulkAnswer>> {
    let ctx = caller.require("contacts:write")?;
    let ended = bulk::cancel(&ctx, id).await?;
    trail::note(&ctx, "contacts.bulk_cancelled", &[&id]).await?;
    Ok(JsonBody(ended.into()))
}
