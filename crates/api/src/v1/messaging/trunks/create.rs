//! `POST /v1/trunks`

use super::shapes::{SipTrunk, TrunkAccess, TrunkRules, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// A trunk to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrunk {
    /// What members call it.
    name: String,
    /// Which calls it takes, and the numbers it may show.
    rules: TrunkRules,
    /// The account at the operator.
    access: TrunkAccess,
}

/// Make a trunk. It is used at once.
#[utoipa::path(post, path = "/v1/trunks", request_body = NewTrunk, security(("key" = ["routes:write"])),
    responses((status = 201, body = SipTrunk)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewTrunk>,
) -> Result<(StatusCode, JsonBody<SipTrunk>)> {
    let ctx = caller.require("routes:write")?;
    let trunk = calls::trunks::add(&ctx, &input.name, &input.rules.into(), &input.access.into()).await?;
    trail::note(&ctx, "trunk.created", &[&trunk.id]).await?;
    app.voice.follow(&ctx).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, &app.voice, trunk).await?)))
}
