//! `GET /v1/balance/entries`

use kernel::{BalanceEntryId, PageRequest};

use crate::v1::prelude::*;

/// One movement of the balance.
#[derive(Serialize, ToSchema)]
pub(super) struct BalanceEntry {
    /// Its id.
    #[schema(value_type = String)]
    id: BalanceEntryId,
    /// `charge`, `top_up` or `correction`.
    kind: String,
    /// What was charged: the message, for a charge.
    message: Option<String>,
    /// By how much the balance grew, in millionths; negative for charges.
    amount_micros: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Movements of the balance, newest first.
#[utoipa::path(get, path = "/v1/balance/entries", params(PageQuery), security(("key" = ["balance:read"])),
    responses((status = 200, body = Listed<BalanceEntry>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<BalanceEntry>>> {
    let ctx = caller.require("balance:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = billing::balance::entries(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |entry| entry.id);
    Ok(JsonBody(Listed::of(found, |entry| BalanceEntry {
        id: entry.id,
        message: (entry.kind == "charge").then(|| kernel::DeliveryId(entry.id.0).to_string()),
        kind: entry.kind,
        amount_micros: entry.amount.0,
        at: entry.at,
    })))
}
