//! `PUT /v1/privacy/settings`

use privacy::gate;

use super::GateSettings;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Decide about the workspace's own sending, as a whole: what is absent is set back.
///
/// It holds from the next question to the gate on, also for messages that wait.
#[utoipa::path(put, path = "/v1/privacy/settings", request_body = GateSettings,
    security(("key" = ["privacy:write"])), responses((status = 200, body = GateSettings)))]
pub(super) async fn handle(caller: Caller, JsonBody(settings): JsonBody<gate::Settings>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    gate::configure(&ctx, &settings).await?;
    trail::note(&ctx, "gate.configured", &[&ctx.workspace]).await?;
    Ok(JsonBody(json!(gate::settings(&ctx).await?)))
}
