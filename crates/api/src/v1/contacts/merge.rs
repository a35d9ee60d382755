//! `POST /v1/contacts/{id}/merge`

use kernel::ContactId;
use people::contacts;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Who is the same person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    /// The contact that goes into this one.
    #[schema(value_type = String)]
    duplicate: ContactId,
}

/// Make one contact of two: this one stays, the duplicate goes into it.
#[utoipa::path(post, path = "/v1/contacts/{id}/merge", params(("id" = String, Path)), request_body = Merge,
    security(("key" = ["contacts:write"])), responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(input): JsonBody<Merge>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:write")?;
    contacts::merge(&ctx, id, input.duplicate).await?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
