//! `PATCH /v1/trunks/{id}`

use calls::trunks::{Change, TrunkState};
use kernel::TrunkId;

use super::shapes::{SipTrunk, TrunkAccess, TrunkRules, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Changes to a trunk; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrunkChange {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// `active`, `draining` or `paused`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    state: Option<TrunkState>,
    /// Other rules, as a whole.
    #[serde(default)]
    rules: Option<TrunkRules>,
    /// Another account, as a whole.
    #[serde(default)]
    access: Option<TrunkAccess>,
}

/// Change a trunk. Calls under way go on as they are.
#[utoipa::path(patch, path = "/v1/trunks/{id}", params(("id" = String, Path)), request_body = TrunkChange,
    security(("key" = ["routes:write"])), responses((status = 200, body = SipTrunk)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<TrunkId>,
    JsonBody(input): JsonBody<TrunkChange>,
) -> Result<JsonBody<SipTrunk>> {
    let ctx = caller.require("routes:write")?;
    let change = Change {
        name: input.name,
        state: input.state,
        rules: input.rules.map(Into::into),
        access: input.access.map(Into::into),
    };
    let trunk = calls::trunks::change(&ctx, id, change).await?;
    trail::note(&ctx, "trunk.updated", &[&id]).await?;
    app.voice.follow(&ctx).await?;
    Ok(JsonBody(shown(&ctx, &app.voice, trunk).await?))
}
