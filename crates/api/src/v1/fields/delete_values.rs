//! `DELETE /v1/fields/{key}/values`

use people::unused;

use crate::v1::prelude::*;

/// Delete every value of a field, in the background. The field itself stays.
#[utoipa::path(delete, path = "/v1/fields/{key}/values", params(("key" = String, Path)),
    security(("key" = ["fields:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(key): Path<String>) -> Result<StatusCode> {
    let ctx = caller.require("fields:write")?;
    unused::delete_values(&ctx, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
