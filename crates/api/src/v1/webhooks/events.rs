//! `GET /v1/webhooks/events`

use outbound::webhooks::KINDS;

use crate::v1::prelude::*;

/// The kinds of events that an endpoint can ask for.
#[utoipa::path(get, path = "/v1/webhooks/events", security(("key" = ["webhooks:read"])),
    responses((status = 200, body = Listed<String>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<String>>> {
    caller.require("webhooks:read")?;
    Ok(JsonBody(KINDS.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>().into()))
}
