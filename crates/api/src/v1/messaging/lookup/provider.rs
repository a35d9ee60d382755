//! `GET /v1/lookup/provider`

use calls::lookup::Standing;

use crate::v1::prelude::*;

/// Who is asked about numbers.
#[derive(Serialize, ToSchema)]
pub(super) struct LookupProvider {
    /// Where; null when nobody is connected.
    url: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    connected_at: Option<Timestamp>,
}

impl From<Option<Standing>> for LookupProvider {
    fn from(standing: Option<Standing>) -> Self {
        let (url, connected_at) = standing.map(|standing| (standing.url, standing.connected_at)).unzip();
        Self { url, connected_at }
    }
}

/// Who is asked about numbers. The key is never shown.
#[utoipa::path(get, path = "/v1/lookup/provider", security(("key" = ["routes:read"])),
    responses((status = 200, body = LookupProvider)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<LookupProvider>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(calls::lookup::standing(&ctx).await?.into()))
}
