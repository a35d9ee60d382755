//! `DELETE /v1/privacy/screenings/{id}`

use kernel::ScreeningId;
use privacy::screening;

use crate::v1::prelude::*;

/// Take a national opt-out list out of force. Where the law wants screening, people count as not screened.
#[utoipa::path(delete, path = "/v1/privacy/screenings/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ScreeningId>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    screening::remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
