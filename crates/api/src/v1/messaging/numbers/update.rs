//! `PATCH /v1/numbers/{id}`

use calls::numbers;
use kernel::NumberId;

use super::{NumberSettings, OwnNumber, shown, state};
use crate::v1::prelude::*;

/// A change of a number; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberChange {
    /// `active` or `paused`.
    #[serde(default)]
    state: Option<String>,
    /// Other settings, in place of all that there are.
    #[serde(default)]
    settings: Option<NumberSettings>,
}

/// Change what is set about a number.
#[utoipa::path(patch, path = "/v1/numbers/{id}", params(("id" = String, Path)), request_body = NumberChange,
    security(("key" = ["routes:write"])), responses((status = 200, body = OwnNumber)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<NumberId>,
    JsonBody(input): JsonBody<NumberChange>,
) -> Result<JsonBody<OwnNumber>> {
    let ctx = caller.require("routes:write")?;
    let before = numbers::get(&ctx, id).await?;
    let state = input.state.as_deref().map_or(Ok(before.state), state)?;
    let settings = input.settings.map_or(before.settings, Into::into);
    Ok(JsonBody(shown(&ctx, numbers::change(&ctx, id, state, &settings).await?).await?))
}
