//! `GET /v1/smpp-accounts/{id}`

use kernel::SmppAccountId;

use super::{SmppAccount, shown};
use crate::v1::prelude::*;

/// One account. The secret is never shown.
#[utoipa::path(get, path = "/v1/smpp-accounts/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:read"])), responses((status = 200, body = SmppAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SmppAccountId>,
) -> Result<JsonBody<SmppAccount>> {
    let ctx = caller.require("routes:read")?;
    let account = telecom::customers::get(&ctx, id).await?;
    Ok(JsonBody(shown(&app, &ctx, account).await?))
}
