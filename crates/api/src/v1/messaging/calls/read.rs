//! `GET /v1/calls/{id}`

use kernel::CallId;

use super::shapes::{PhoneCall, whole};
use crate::v1::prelude::*;

/// One call with its number and flow.
#[utoipa::path(get, path = "/v1/calls/{id}", params(("id" = String, Path)), security(("key" = ["calls:read"])),
    responses((status = 200, body = PhoneCall)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CallId>) -> Result<JsonBody<PhoneCall>> {
    let ctx = caller.require("calls:read")?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
