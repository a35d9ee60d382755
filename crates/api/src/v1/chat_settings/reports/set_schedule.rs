//! `PUT /v1/conversation-reports/schedule`

use conversations::reports::{self as slice, Every, Schedule};
use kernel::UserId;

use super::schedule::ReportSchedule;
use crate::v1::prelude::*;

/// Who is to get a report by mail, and when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportScheduleChange {
    /// `day`, `week` (Mondays), `month` (the first) or null.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    every: Option<Every>,
    /// To which members.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    to: Vec<UserId>,
    /// `en` or `ar`.
    language: String,
    /// At which hour of the day.
    hour: u8,
    /// In which zone.
    zone: String,
}

/// Set who gets a report by mail, and when.
#[utoipa::path(put, path = "/v1/conversation-reports/schedule", request_body = ReportScheduleChange,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ReportSchedule)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<ReportScheduleChange>,
) -> Result<JsonBody<ReportSchedule>> {
    let ctx = caller.require("conversations:manage")?;
    let schedule =
        Schedule { every: input.every, to: input.to, language: input.language, hour: input.hour, zone: input.zone };
    slice::set_schedule(&ctx, &schedule).await?;
    Ok(JsonBody(ReportSchedule::of(schedule, ctx.now())))
}
