//! `POST /v1/privacy/explain`

use privacy::rules::explain_gate;

use crate::v1::prelude::*;

/// What the gate would decide about facts you give, by the very function that decides.
#[utoipa::path(post, path = "/v1/privacy/explain", request_body = Json, security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Json>) -> Result<JsonBody<Json>> {
    caller.require("privacy:read")?;
    let answer = explain_gate(&input).map_err(|error| Problem::new(Code::InvalidInput, error.detail))?;
    Ok(JsonBody(answer))
}
