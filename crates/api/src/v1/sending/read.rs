//! `GET /v1/sending`

use super::{SendingAnswer, shown};
use crate::v1::prelude::*;

/// How mail leaves from here: mode, relay without credentials, sender, and what to look at.
#[utoipa::path(get, path = "/v1/sending", security(("key" = ["workspace:read"])),
    responses((status = 200, body = SendingAnswer)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<SendingAnswer>> {
    let ctx = caller.require("workspace:read")?;
    Ok(JsonBody(shown(&app, &ctx).await?))
}
