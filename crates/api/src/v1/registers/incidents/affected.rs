//! `GET /v1/privacy/incidents/{id}/affected`

use kernel::{ContactId, IncidentId, PageRequest};
use privacy::incidents;

use crate::v1::prelude::*;

/// The people whom an incident concerns, by id.
#[utoipa::path(get, path = "/v1/privacy/incidents/{id}/affected", params(("id" = String, Path), PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    Query(query): Query<PageQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(query);
    let after = page.cursor.as_deref().map(http_server::cursor::decode::<ContactId>).transpose()?;
    let found = incidents::affected(&ctx, id, after, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |one| one.0);
    Ok(JsonBody(Listed::of(found, |(contact, at)| json!({ "contact": contact, "added_at": at }))))
}
