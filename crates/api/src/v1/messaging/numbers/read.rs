//! `GET /v1/numbers/{id}`

use calls::numbers;
use kernel::NumberId;

use super::{OwnNumber, shown};
use crate::v1::prelude::*;

/// One number.
#[utoipa::path(get, path = "/v1/numbers/{id}", params(("id" = String, Path)), security(("key" = ["routes:read"])),
    responses((status = 200, body = OwnNumber)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<NumberId>) -> Result<JsonBody<OwnNumber>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(shown(&ctx, numbers::get(&ctx, id).await?).await?))
}
