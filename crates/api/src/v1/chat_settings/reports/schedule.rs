//! `GET /v1/conversation-reports/schedule`

use conversations::reports::{self as slice, Schedule, next_run};
use kernel::UserId;

use crate::v1::prelude::*;

/// Who gets a report by mail, and when.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportSchedule {
    /// `day`, `week`, `month` or null.
    pub(super) every: Option<String>,
    /// To which members.
    #[schema(value_type = Vec<String>)]
    pub(super) to: Vec<UserId>,
    /// `en` or `ar`.
    pub(super) language: String,
    /// At which hour of the day.
    pub(super) hour: u8,
    /// In which zone.
    pub(super) zone: String,
    /// When it goes next.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) next_at: Option<Timestamp>,
}

impl ReportSchedule {
    /// A schedule as it is shown.
    pub(super) fn of(schedule: Schedule, now: Timestamp) -> Self {
        Self {
            next_at: next_run(&schedule, now),
            every: schedule.every.map(|every| every.as_str().to_owned()),
            to: schedule.to,
            language: schedule.language,
            hour: schedule.hour,
            zone: schedule.zone,
        }
    }
}

/// Who gets a report by mail, and when.
#[utoipa::path(get, path = "/v1/conversation-reports/schedule", security(("key" = ["conversations:manage"])),
    responses((status = 200, body = ReportSchedule)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<ReportSchedule>> {
    let ctx = caller.require("conversations:manage")?;
    Ok(JsonBody(ReportSchedule::of(slice::schedule(&ctx).await?, ctx.now())))
}
