//! `GET /v1/trunks/{id}`

use kernel::TrunkId;

use super::shapes::{SipTrunk, shown};
use crate::v1::prelude::*;

/// One trunk with how it stands.
#[utoipa::path(get, path = "/v1/trunks/{id}", params(("id" = String, Path)), security(("key" = ["routes:read"])),
    responses((status = 200, body = SipTrunk)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<TrunkId>,
) -> Result<JsonBody<SipTrunk>> {
    let ctx = caller.require("routes:read")?;
    let trunk = calls::trunks::get(&ctx, id).await?;
    Ok(JsonBody(shown(&ctx, &app.voice, trunk).await?))
}
