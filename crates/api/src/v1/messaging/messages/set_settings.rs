//! `PUT /v1/messages/settings`

use telecom::settings::Settings;

use super::settings::SmsSettings;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Set countries and caps of messages. Messages that were accepted keep their leave.
#[utoipa::path(put, path = "/v1/messages/settings", request_body = SmsSettings, security(("key" = ["routes:write"])),
    responses((status = 200, body = SmsSettings)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<SmsSettings>) -> Result<JsonBody<SmsSettings>> {
    let ctx = caller.require("routes:write")?;
    let settings = Settings {
        countries: input.countries,
        parts: input.parts,
        parts_a_day: input.parts_a_day,
        parts_a_day_by_country: input.parts_a_day_by_country,
        parts_a_day_by_block: input.parts_a_day_by_block,
    };
    telecom::settings::put(&ctx, &settings).await?;
    trail::note(&ctx, "messages.settings_changed", &[]).await?;
    Ok(JsonBody(telecom::settings::get(&ctx).await?.into()))
}
