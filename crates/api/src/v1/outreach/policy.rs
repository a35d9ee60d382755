//! `PATCH /v1/outreach/hygiene`

use people::hygiene;

use crate::v1::prelude::*;

/// Periods to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HygieneChange {
    /// Messages without an answer after which a prospect goes; 1 to 10.
    touches: Option<u32>,
    /// Days that the last of them is left unanswered first; 0 to 60.
    answer_days: Option<u32>,
    /// Days without a sign of interest; 1 to 90.
    quiet_days: Option<u32>,
    /// Months after collection for somebody who was never written to; 1 to 12.
    lead_months: Option<u32>,
    /// Days for leads with values from an enrichment provider; 1 to 30.
    enriched_days: Option<u32>,
}

/// The periods as they are now.
#[derive(Serialize, ToSchema)]
pub(super) struct HygienePolicy {
    touches: u32,
    answer_days: u32,
    quiet_days: u32,
    lead_months: u32,
    enriched_days: u32,
}

/// Change how long prospects are kept, within what is allowed.
#[utoipa::path(patch, path = "/v1/outreach/hygiene", request_body = HygieneChange,
    security(("key" = ["privacy:write"])), responses((status = 200, body = HygienePolicy)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<HygieneChange>,
) -> Result<JsonBody<HygienePolicy>> {
    let ctx = caller.require("privacy:write")?;
    let before = hygiene::policy(&ctx).await?;
    let policy = hygiene::Policy {
        touches: input.touches.unwrap_or(before.touches),
        answer_days: input.answer_days.unwrap_or(before.answer_days),
        quiet_days: input.quiet_days.unwrap_or(before.quiet_days),
        lead_months: input.lead_months.unwrap_or(before.lead_months),
        enriched_days: input.enriched_days.unwrap_or(before.enriched_days),
    };
    let hygiene::Policy { touches, answer_days, quiet_days, lead_months, enriched_days } =
        hygiene::set_policy(&ctx, policy).await?;
    Ok(JsonBody(HygienePolicy { touches, answer_days, quiet_days, lead_months, enriched_days }))
}
