//! `GET /v1/contacts/{id}`

use kernel::ContactId;

use super::shown;
use crate::v1::prelude::*;

/// A contact.
#[utoipa::path(get, path = "/v1/contacts/{id}", params(("id" = String, Path)),
    security(("key" = ["contacts:read"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:read")?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
