//! `GET /v1/sequences/{id}/people`

use campaigns::sequences;
use kernel::SequenceId;

use crate::v1::prelude::*;

/// Who is enrolled: `contact`, `state`, `step`, `due_at`, `reason`.
#[utoipa::path(get, path = "/v1/sequences/{id}/people", params(("id" = String, Path), PageQuery),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<SequenceId>,
    Query(page): Query<PageQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("campaigns:read")?;
    let page = sequences::enrolled(&ctx, id, &page.into()).await?;
    Ok(JsonBody(Listed::of(page, |person| json!(person))))
}
