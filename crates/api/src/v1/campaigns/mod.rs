//! Campaigns.

mod cancel;
mod content;
mod create;
mod delete;
mod deliveries;
mod list;
mod pause;
mod preflight;
pub(super) mod prospecting;
mod read;
mod recipients;
mod report;
mod resume;
mod schedule;
mod segment;
mod send;
pub(super) mod sender;
mod test;
mod update;

use axum::extract::DefaultBodyLimit;
use campaigns::Campaign;
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    let limit = DefaultBodyLimit::max(super::content::MAX_BODY);
    let written = routes!("campaigns": create, update).map(|router| router.layer(limit));
    written.merge(routes!("campaigns":
        list, read, delete, preflight, test, send, schedule, pause, resume, cancel, report, deliveries,
        content, recipients, segment))
}

/// A campaign with the counts of its deliveries.
async fn shown(ctx: &Ctx, campaign: Campaign) -> Result<Json> {
    let counts = outbound::counts(ctx, campaign.id.into()).await?;
    let criteria = campaigns::prospecting::criteria(ctx, campaign.id.into()).await?;
    let kind = campaign.draft.kind();
    let mut shown = json!(campaign);
    shown["kind"] = json!(kind);
    shown["prospecting"] = json!(campaign.draft.prospecting);
    shown["criteria"] = json!(criteria);
    shown["counts"] = json!(counts);
    Ok(shown)
}
