//! `PUT /v1/balance/auto-recharge`

use billing::Micros;
use billing::recharge::setting::{self, Terms};

use super::shapes::{AgreedWords, AutoRechargeView};
use crate::v1::prelude::*;

/// What is agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AutoRechargeTerms {
    /// Below this the balance is recharged.
    floor_micros: i64,
    /// By how much; whole coins.
    amount_micros: i64,
    /// How much in a calendar month at most, in the workspace's zone.
    monthly_cap_micros: i64,
    /// The words that the member agrees to.
    words: AgreedWords,
}

/// Turn automatic recharging on, or change its terms: this is the agreement, and stands in the ledger. Only a signed-in
/// member can.
#[utoipa::path(put, path = "/v1/balance/auto-recharge", request_body = AutoRechargeTerms, security(("key" = ["balance:write"])),
    responses((status = 200, body = AutoRechargeView)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<AutoRechargeTerms>,
) -> Result<JsonBody<AutoRechargeView>> {
    let ctx = caller.require("balance:write")?;
    let terms = Terms {
        floor: Micros(input.floor_micros),
        amount: Micros(input.amount_micros),
        cap: Micros(input.monthly_cap_micros),
    };
    setting::put(&ctx, app.tills.as_ref(), terms, &input.words.by(client)).await?;
    Ok(JsonBody(AutoRechargeView::now(&ctx, None).await?))
}
