//! `PATCH /v1/smpp-accounts/{id}`

use kernel::SmppAccountId;

use super::{SmppAccount, SmppAccountSettings, shown, state};
use crate::v1::prelude::*;

/// A change of an account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SmppAccountChange {
    /// `active`, or `paused`: its sessions end, and what waits for it is kept.
    #[serde(default)]
    state: Option<String>,
    /// Other settings, in place of all that there are.
    #[serde(default)]
    settings: Option<SmppAccountSettings>,
}

/// Change what an account may do.
#[utoipa::path(patch, path = "/v1/smpp-accounts/{id}", params(("id" = String, Path)),
    request_body = SmppAccountChange, security(("key" = ["routes:write"])),
    responses((status = 200, body = SmppAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SmppAccountId>,
    JsonBody(input): JsonBody<SmppAccountChange>,
) -> Result<JsonBody<SmppAccount>> {
    let ctx = caller.require("routes:write")?;
    let before = telecom::customers::get(&ctx, id).await?;
    let state = input.state.as_deref().map_or(Ok(before.state), state)?;
    let settings = input.settings.map_or(before.settings, Into::into);
    let account = app.customers.change(&ctx, id, (state, &settings)).await?;
    Ok(JsonBody(shown(&app, &ctx, account).await?))
}
