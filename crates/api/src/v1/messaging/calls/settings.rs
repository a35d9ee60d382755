//! `GET /v1/calls/settings`

use std::collections::BTreeSet;

use calls::settings::Settings;

use crate::v1::prelude::*;

/// What a workspace allows itself in calls.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallSettings {
    /// Countries (ISO 3166) that may be called. None: nobody is called.
    #[schema(value_type = Vec<String>)]
    pub(super) countries: BTreeSet<String>,
    /// Most seconds of a call, 30 to 7200.
    pub(super) max_seconds: u32,
    /// Most calls at the same time, 1 to 1000.
    pub(super) max_calls: u32,
}

impl From<Settings> for CallSettings {
    fn from(settings: Settings) -> Self {
        Self { countries: settings.countries, max_seconds: settings.longest, max_calls: settings.together }
    }
}

impl From<CallSettings> for Settings {
    fn from(settings: CallSettings) -> Self {
        Self { countries: settings.countries, longest: settings.max_seconds, together: settings.max_calls }
    }
}

/// Countries and caps of calls.
#[utoipa::path(get, path = "/v1/calls/settings", security(("key" = ["routes:read"])),
    responses((status = 200, body = CallSettings)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<CallSettings>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(calls::settings::get(&ctx).await?.into()))
}
