//! `GET /v1/balance/payments`

use kernel::PageRequest;

use super::shapes::BalancePayment;
use crate::v1::prelude::*;

/// What was paid for the balance, or is to be, newest first: by people, and by itself with the agreement it rests on.
#[utoipa::path(get, path = "/v1/balance/payments", params(PageQuery), security(("key" = ["balance:read"])),
    responses((status = 200, body = Listed<BalancePayment>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<BalancePayment>>> {
    let ctx = caller.require("balance:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = billing::recharge::list(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |one| one.id);
    Ok(JsonBody(Listed::of(found, BalancePayment::from)))
}
