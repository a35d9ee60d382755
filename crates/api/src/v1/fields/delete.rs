//! `DELETE /v1/fields/{key}`

use people::fields;

use super::known;
use crate::v1::prelude::*;

/// Take a custom field out of use: its values are no longer shown or exported.
#[utoipa::path(delete, path = "/v1/fields/{key}", params(("key" = String, Path)),
    security(("key" = ["fields:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(key): Path<String>) -> Result<StatusCode> {
    let ctx = caller.require("fields:write")?;
    known(&ctx, &key).await?;
    fields::delete(&ctx, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
