//! `GET /v1/balance/auto-recharge`

use super::shapes::{AutoRechargeView, InLanguage};
use crate::v1::prelude::*;

/// Whether and how the balance recharges itself, with the words a member agrees to who turns it on.
#[utoipa::path(get, path = "/v1/balance/auto-recharge", params(InLanguage), security(("key" = ["balance:read"])),
    responses((status = 200, body = AutoRechargeView)))]
pub(super) async fn handle(caller: Caller, Query(asked): Query<InLanguage>) -> Result<JsonBody<AutoRechargeView>> {
    let ctx = caller.require("balance:read")?;
    Ok(JsonBody(AutoRechargeView::now(&ctx, asked.language.as_deref()).await?))
}
