//! `POST /v1/privacy/authority-requests/{id}/people`

use kernel::{AuthorityRequestId, ContactId};
use privacy::authority;

use crate::v1::prelude::*;

/// Whom it concerns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorityPeople {
    /// Ids of contacts.
    contacts: Vec<ContactId>,
}

/// Name the people whom a request concerns.
#[utoipa::path(post, path = "/v1/privacy/authority-requests/{id}/people", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AuthorityRequestId>,
    JsonBody(input): JsonBody<AuthorityPeople>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!({ "people": authority::put(&ctx, id, &input.contacts).await? })))
}
