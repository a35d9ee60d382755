//! `GET /v1/messages/received`

use kernel::{ContactId, EventId, PageRequest, RouteId};

use crate::v1::prelude::*;

/// A message that somebody sent to the workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceivedSms {
    /// Its id.
    #[schema(value_type = String)]
    id: EventId,
    /// Who.
    #[schema(value_type = String)]
    contact: ContactId,
    /// From which number (E.164); null once it is no longer kept.
    from: Option<String>,
    /// To which number of ours, digits.
    to: String,
    /// The words; null once they are no longer kept.
    text: Option<String>,
    /// `stop`, `start` or `help`, when it is a keyword; `cancel`, when it called an appointment off.
    keyword: Option<String>,
    /// What it asks for, as replies do.
    intent: String,
    /// Over which route it came.
    #[schema(value_type = String)]
    route: RouteId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

/// What people wrote by SMS, newest first.
#[utoipa::path(get, path = "/v1/messages/received", params(PageQuery), security(("key" = ["messages:send"])),
    responses((status = 200, body = Listed<ReceivedSms>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<ReceivedSms>>> {
    let ctx = caller.require("messages:send")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = telecom::messages::list_inbound(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |(message, _)| message.id);
    Ok(JsonBody(Listed::of(found, |(message, words)| {
        let (from, text) = words.map(|(from, text, _)| (from, text)).unzip();
        ReceivedSms {
            id: message.id,
            contact: message.contact,
            from,
            to: message.number,
            text,
            keyword: Some(message.keyword).filter(|word| !word.is_empty()),
            intent: message.intent,
            route: message.route,
            received_at: message.created_at,
        }
    })))
}
