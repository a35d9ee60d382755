//! `DELETE /v1/privacy/purposes/{code}`

use privacy::purposes;
use privacy::vocabulary::Purpose;

use crate::v1::prelude::*;

/// Take a purpose out of use: nothing new may be sent or asked for it.
#[utoipa::path(delete, path = "/v1/privacy/purposes/{code}", params(("code" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(code): Path<String>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    let purpose = Purpose::new(&code).map_err(|_| Failure::not_found("purpose"))?;
    let known = purposes::catalogue(&ctx).await?;
    if !known.iter().any(|one| one.code == code && one.retired_at.is_none()) {
        return Err(Failure::not_found("purpose"));
    }
    purposes::retire(&ctx, &purpose).await?;
    Ok(StatusCode::NO_CONTENT)
}
