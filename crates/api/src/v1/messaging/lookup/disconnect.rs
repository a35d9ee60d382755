//! `DELETE /v1/lookup/provider`

use crate::v1::prelude::*;

/// Forget the provider of look-ups.
#[utoipa::path(delete, path = "/v1/lookup/provider", security(("key" = ["routes:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    calls::lookup::disconnect(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
