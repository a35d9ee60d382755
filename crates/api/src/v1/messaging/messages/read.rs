//! `GET /v1/messages/{id}`

use kernel::DeliveryId;

use super::shapes::{SmsMessage, whole};
use crate::v1::prelude::*;

/// One message with its number and words.
#[utoipa::path(get, path = "/v1/messages/{id}", params(("id" = String, Path)), security(("key" = ["messages:send"])),
    responses((status = 200, body = SmsMessage)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<DeliveryId>) -> Result<JsonBody<SmsMessage>> {
    let ctx = caller.require("messages:send")?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
