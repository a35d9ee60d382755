//! `GET /v1/messages/settings`

use std::collections::BTreeSet;

use telecom::settings::Settings;

use crate::v1::prelude::*;

/// What a workspace allows itself.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsSettings {
    /// Countries (ISO 3166) that messages may go to; nowhere when empty.
    #[schema(value_type = Vec<String>)]
    pub(super) countries: BTreeSet<String>,
    /// Most parts of one message.
    pub(super) parts: usize,
    /// Most parts a day (UTC) over all countries; null for no cap.
    pub(super) parts_a_day: Option<u64>,
    /// Most parts a day to one country; null for no cap.
    pub(super) parts_a_day_by_country: Option<u64>,
    /// Most parts a day to numbers that share all but their last three digits; null for no cap.
    pub(super) parts_a_day_by_block: Option<u64>,
}

impl From<Settings> for SmsSettings {
    fn from(settings: Settings) -> Self {
        Self {
            countries: settings.countries,
            parts: settings.parts,
            parts_a_day: settings.parts_a_day,
            parts_a_day_by_country: settings.parts_a_day_by_country,
            parts_a_day_by_block: settings.parts_a_day_by_block,
        }
    }
}

/// Countries and caps of messages.
#[utoipa::path(get, path = "/v1/messages/settings", security(("key" = ["routes:read"])),
    responses((status = 200, body = SmsSettings)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<SmsSettings>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(telecom::settings::get(&ctx).await?.into()))
}
