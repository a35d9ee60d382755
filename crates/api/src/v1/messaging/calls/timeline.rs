//! `GET /v1/calls/{id}/timeline`

use kernel::CallId;

use crate::v1::prelude::*;

/// One step in a call's life.
#[derive(Serialize, ToSchema)]
pub(super) struct PhoneCallStep {
    /// Which leg: 0 is the person, from 1 on those they were connected with.
    leg: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `accepted`, `dialled`, `ringing`, `answered`, `step`, `entered`, `recorded`, `not_heard`, `not_fetched`,
    /// `transfer_refused`, `not_answered`, `longest_reached`, `ended`, or the state it ended in. Keys are not told.
    kind: String,
    /// A code: which step, why.
    detail: Option<String>,
}

/// A call's life, leg by leg and step by step.
#[utoipa::path(get, path = "/v1/calls/{id}/timeline", params(("id" = String, Path)),
    security(("key" = ["calls:read"])), responses((status = 200, body = Listed<PhoneCallStep>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CallId>) -> Result<JsonBody<Listed<PhoneCallStep>>> {
    let ctx = caller.require("calls:read")?;
    let steps = calls::voice::timeline(&ctx, id).await?.into_iter();
    let shown = steps.map(|step| PhoneCallStep { leg: step.leg, at: step.at, kind: step.kind, detail: step.detail });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
