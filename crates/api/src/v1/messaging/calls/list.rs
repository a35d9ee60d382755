//! `GET /v1/calls`

use kernel::{ContactId, PageRequest};

use super::shapes::PhoneCall;
use crate::v1::prelude::*;

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CallQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// With this person.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
}

/// Calls, newest first, without numbers and flows.
#[utoipa::path(get, path = "/v1/calls", params(CallQuery), security(("key" = ["calls:read"])),
    responses((status = 200, body = Listed<PhoneCall>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<CallQuery>) -> Result<JsonBody<Listed<PhoneCall>>> {
    let ctx = caller.require("calls:read")?;
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = calls::voice::list(&ctx, query.contact, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |call| call.id);
    Ok(JsonBody(Listed::of(found, PhoneCall::from)))
}
