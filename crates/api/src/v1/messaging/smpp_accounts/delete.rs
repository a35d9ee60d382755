//! `DELETE /v1/smpp-accounts/{id}`

use kernel::SmppAccountId;

use crate::v1::prelude::*;

/// Take an account away with what waits for it. Its sessions end; its messages stay.
#[utoipa::path(delete, path = "/v1/smpp-accounts/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SmppAccountId>,
) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    app.customers.remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
