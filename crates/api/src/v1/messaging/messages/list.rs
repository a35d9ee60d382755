//! `GET /v1/messages`

use kernel::{ContactId, PageRequest};
use telecom::messages::{Filter, MessageState};

use super::shapes::SmsMessage;
use crate::v1::prelude::*;

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SmsQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// To this person.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// In this state.
    #[param(example = "failed")]
    state: Option<String>,
}

/// Messages by SMS, newest first, without numbers and words. With `contact` and `state` together a page may
/// have fewer items than asked for.
#[utoipa::path(get, path = "/v1/messages", params(SmsQuery), security(("key" = ["messages:send"])),
    responses((status = 200, body = Listed<SmsMessage>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<SmsQuery>) -> Result<JsonBody<Listed<SmsMessage>>> {
    let ctx = caller.require("messages:send")?;
    let state = match query.state.as_deref() {
        Some(name) => Some(MessageState::named(name).ok_or_else(|| {
            Problem::field("state", MessageState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(", "))
        })?),
        None => None,
    };
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let filter = Filter { contact: query.contact, state };
    let found = telecom::messages::list(&ctx, filter, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |message| message.id);
    Ok(JsonBody(Listed::of(found, SmsMessage::from)))
}
