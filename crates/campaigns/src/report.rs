use kernel::CampaignId;
use outbound::tracking::{self, Stats};
use outbound::{Counts, Outbound};
use serde::Serialize;
use store::Ctx;

use crate::Result;
use crate::lifecycle::get;
use crate::model::State;

/// The numbers of a campaign.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The campaign.
    pub id: CampaignId,
    /// Where it stands.
    pub state: State,
    /// Deliveries by state, denials by reason, failures and bounces by class.
    #[serde(flatten)]
    pub counts: Counts,
    /// Sent and not returned.
    pub delivered: u64,
    /// Opens and clicks of people who allow counting, split by who caused them, per link and per hour;
    /// and who left.
    #[serde(flatten)]
    pub engagement: Stats,
    /// What is kept once the messages are gone: figures of at least ten people, by day and country.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<outbound::retention::KeptCell>,
}

/// The numbers of a campaign as they stand now.
///
/// # Errors
/// [`crate::Error::NotFound`], or the store's.
pub async fn report(ctx: &Ctx, outbound: &Outbound, id: CampaignId) -> Result<Report> {
    let campaign = get(ctx, id).await?;
    let counts = outbound::counts(ctx, id.into()).await?;
    let engagement = match outbound::get(ctx, id.into()).await {
        Ok(run) => tracking::stats(outbound, ctx, id.into(), run.content).await?,
        Err(outbound::Error::NotFound(_)) => Stats::default(),
        Err(error) => return Err(error.into()),
    };
    let kept = outbound::retention::kept_of(ctx, id.into()).await.map_err(outbound::Error::from)?;
    Ok(Report { id, kept, state: campaign.state, delivered: counts.sent - counts.bounced, counts, engagement })
}
