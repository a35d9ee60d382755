use kernel::CampaignId;
use outbound::tracking::{self, Stats};
use outbound::{Counts, Outbound};
use serde::Serialize;
use store::{Ctx, params, sql};

use crate::Result;
use crate::lifecycle::get;
use crate::model::State;

sql! {
    /// What people did with a campaign's messages beyond opening and clicking.
    ANSWERS = "SELECT e.kind, CAST(count(DISTINCT e.contact) AS BIGINT) FROM event e
        WHERE e.workspace = $1 AND e.campaign = $2 AND e.kind IN ('unsubscribed', 'complained') GROUP BY e.kind";
}

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
    /// People who left through this campaign.
    pub unsubscribed: u64,
    /// People who reported it as spam.
    pub complained: u64,
    /// Opens and clicks of people who allow counting, split by who caused them; per link, per hour.
    #[serde(flatten)]
    pub engagement: Stats,
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
    let mut report = Report {
        id,
        state: campaign.state,
        delivered: counts.sent - counts.bounced,
        counts,
        unsubscribed: 0,
        complained: 0,
        engagement,
    };
    for (kind, people) in ctx.db.all::<(String, u64)>(ANSWERS, params![ctx.workspace, id]).await? {
        match kind.as_str() {
            "unsubscribed" => report.unsubscribed = people,
            _ => report.complained = people,
        }
    }
    Ok(report)
}
