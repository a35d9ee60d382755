//! `GET /v1/contacts/{id}/answer`

use kernel::ContactId;
use privacy::answer::answer;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Everything held about a person: values with their sources, evidence, messages with their basis.
///
/// For somebody who was erased, the certificate.
#[utoipa::path(get, path = "/v1/contacts/{id}/answer", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = shapes::Answer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    people::reads::mark_all(&ctx, people::reads::Reader::Answer).await?;
    Ok(JsonBody(json!(answer(&ctx, id).await?)))
}
