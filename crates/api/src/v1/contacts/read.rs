//! `GET /v1/contacts/{id}`

use kernel::ContactId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// A contact.
#[utoipa::path(get, path = "/v1/contacts/{id}", params(("id" = String, Path)),
    security(("key" = ["contacts:read"])), responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:read")?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
