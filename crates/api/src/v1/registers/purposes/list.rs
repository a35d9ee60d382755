//! `GET /v1/privacy/purposes`

use privacy::purposes;

use super::super::shapes;
use crate::v1::prelude::*;

/// The catalogue of purposes with their lawful basis, retention class and concept of the Data Privacy Vocabulary.
#[utoipa::path(get, path = "/v1/privacy/purposes", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::PurposeRecord>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(purposes::catalogue(&ctx).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
