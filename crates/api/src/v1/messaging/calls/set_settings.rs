//! `PUT /v1/calls/settings`

use super::settings::CallSettings;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Set countries and caps of calls. Calls that were accepted keep their leave.
#[utoipa::path(put, path = "/v1/calls/settings", request_body = CallSettings, security(("key" = ["routes:write"])),
    responses((status = 200, body = CallSettings)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<CallSettings>) -> Result<JsonBody<CallSettings>> {
    let ctx = caller.require("routes:write")?;
    calls::settings::put(&ctx, &input.into()).await?;
    trail::note(&ctx, "calls.settings_changed", &[]).await?;
    Ok(JsonBody(calls::settings::get(&ctx).await?.into()))
}
