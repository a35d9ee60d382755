//! `POST /v1/verifications/{id}/cancel`

use kernel::VerificationId;

use super::shapes::{Verification, whole};
use crate::v1::prelude::*;

/// Take a verification back: its code is good for nothing any more.
#[utoipa::path(post, path = "/v1/verifications/{id}/cancel", params(("id" = String, Path)),
    security(("key" = ["messages:send"])), responses((status = 200, body = Verification)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<VerificationId>) -> Result<JsonBody<Verification>> {
    let ctx = caller.require("messages:send")?;
    calls::verify::cancel(&ctx, id, caller.is_test()).await?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
