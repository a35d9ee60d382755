//! `DELETE /v1/balance/auto-recharge`

use super::shapes::AutoRechargeView;
use crate::v1::prelude::*;

/// Turn automatic recharging off: the agreement is withdrawn. The payment method stays.
#[utoipa::path(delete, path = "/v1/balance/auto-recharge", security(("key" = ["balance:write"])),
    responses((status = 200, body = AutoRechargeView)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<AutoRechargeView>> {
    let ctx = caller.require("balance:write")?;
    billing::recharge::setting::withdraw(&ctx).await?;
    Ok(JsonBody(AutoRechargeView::now(&ctx, None).await?))
}
