//! `PUT /v1/lookup/provider`

use super::provider::LookupProvider;
use crate::v1::prelude::*;

/// A provider to be asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLookupProvider {
    /// Where questions are posted: an https address on a host that the server's operator allows.
    url: String,
    /// The key that goes with them.
    key: String,
}

/// Connect a provider of look-ups: `{"number": "+966…"}` is posted to its address, and `{"status", "network",
/// "country", "ported", "roaming"}` is understood.
#[utoipa::path(put, path = "/v1/lookup/provider", request_body = NewLookupProvider,
    security(("key" = ["routes:write"])), responses((status = 200, body = LookupProvider)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewLookupProvider>,
) -> Result<JsonBody<LookupProvider>> {
    let ctx = caller.require("routes:write")?;
    let standing = app.lookups.connect(&ctx, &input.url, &input.key).await?;
    Ok(JsonBody(Some(standing).into()))
}
