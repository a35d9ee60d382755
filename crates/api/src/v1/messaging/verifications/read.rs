//! `GET /v1/verifications/{id}`

use kernel::VerificationId;

use super::shapes::{Verification, whole};
use crate::v1::prelude::*;

/// One verification with its address.
#[utoipa::path(get, path = "/v1/verifications/{id}", params(("id" = String, Path)),
    security(("key" = ["messages:send"])), responses((status = 200, body = Verification)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<VerificationId>) -> Result<JsonBody<Verification>> {
    let ctx = caller.require("messages:send")?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
