//! `POST /v1/messages/{id}/cancel`

use kernel::DeliveryId;

use super::shapes::{SmsMessage, whole};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Take a message back that has not left; what was set aside for it is available again.
#[utoipa::path(post, path = "/v1/messages/{id}/cancel", params(("id" = String, Path)),
    security(("key" = ["messages:send"])), responses((status = 200, body = SmsMessage)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<DeliveryId>) -> Result<JsonBody<SmsMessage>> {
    let ctx = caller.require("messages:send")?;
    telecom::messages::cancel(&ctx, id).await?;
    trail::note(&ctx, "message.cancelled", &[&id]).await?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
