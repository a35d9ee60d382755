//! `PUT /v1/privacy/authority-requests/{id}`

use kernel::AuthorityRequestId;
use privacy::authority::{self, Intake};

use crate::v1::prelude::*;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorityChange {
    /// The version the change was made against.
    version: i64,
    /// All of it anew.
    request: Intake,
}

/// Change what was taken down, all of it anew.
#[utoipa::path(put, path = "/v1/privacy/authority-requests/{id}", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AuthorityRequestId>,
    JsonBody(input): JsonBody<AuthorityChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(authority::update(&ctx, id, input.version, input.request).await?)))
}
