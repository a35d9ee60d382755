//! `DELETE /v1/samples`

use crate::v1::prelude::*;
use crate::v1::trail;

/// What was removed.
#[derive(Serialize, ToSchema)]
pub(super) struct SamplesRemoved {
    /// People who were erased.
    contacts: u64,
    /// Drafts that were deleted.
    campaigns: u64,
    /// Segments that were deleted.
    segments: u64,
    /// Forms that were deleted.
    forms: u64,
    /// Topics that were deleted.
    topics: u64,
    /// Appointments that were erased; their event types are out of use.
    bookings: u64,
    /// What stays, because somebody made it their own: changed or sent campaigns, and what they need.
    kept: u64,
}

/// Remove the sample data: exactly what was loaded, and nothing that was made one's own since.
#[utoipa::path(delete, path = "/v1/samples", security(("key" = ["contacts:erase"])),
    responses((status = 200, body = SamplesRemoved)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<SamplesRemoved>> {
    let ctx = caller.require("contacts:erase")?;
    let removed = campaigns::samples::remove(&ctx, app.outbound.gate()).await?;
    let appointments = booking::samples::remove(&ctx, app.outbound.gate()).await?;
    trail::note(&ctx, "samples.removed", &[&ctx.workspace]).await?;
    Ok(JsonBody(SamplesRemoved {
        contacts: removed.contacts + appointments.people,
        campaigns: removed.campaigns,
        segments: removed.segments,
        forms: removed.forms,
        topics: removed.topics,
        bookings: appointments.bookings,
        kept: removed.kept,
    }))
}
