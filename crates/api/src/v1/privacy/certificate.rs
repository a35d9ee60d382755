//! `GET /v1/privacy/erasures/{contact}`

use kernel::ContactId;
use privacy::erasure;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The certificate of the erasure of one contact.
#[utoipa::path(get, path = "/v1/privacy/erasures/{contact}", params(("contact" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = shapes::Certificate)))]
pub(super) async fn handle(caller: Caller, Path(contact): Path<ContactId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let certificate = erasure::certificate(&ctx, contact).await?;
    Ok(JsonBody(json!(certificate.ok_or_else(|| Failure::not_found("erasure"))?)))
}
