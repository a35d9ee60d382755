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
    /// Everybody who was selected, whatever became of the message.
    pub selected: u64,
    /// Sent and not returned.
    pub delivered: u64,
    /// Step by step, in people.
    pub funnel: Vec<Step>,
    /// Whether opens and clicks are counted, of those who allow it.
    pub track: bool,
    /// What must be known to read the figures rightly.
    pub notes: Vec<Note>,
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
    let selected = counts.queued
        + counts.sending
        + counts.sent
        + counts.failed
        + counts.denied
        + counts.cancelled
        + counts.in_doubt;
    let delivered = counts.sent.saturating_sub(counts.bounced);
    let notes = notes(&campaign, &counts, &engagement, !kept.is_empty());
    let (funnel, track) = (funnel((selected, delivered), &counts, &engagement), campaign.draft.track);
    Ok(Report { id, kept, state: campaign.state, selected, delivered, funnel, track, notes, counts, engagement })
}

/// One step of a campaign's way to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `selected`, `denied`, `sent`, `delivered`, `opened`, `clicked`, `unsubscribed` or `complained`.
    pub step: &'static str,
    /// How many.
    pub people: u64,
}

/// Something that figures do not say by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// `tracking_off`, `opens_are_a_lower_bound`, `machine_opens`, `still_going`, `in_doubt` or
    /// `figures_kept_only`.
    pub code: &'static str,
    /// The number it speaks of: of machine opens, per cent of all opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
}

fn funnel((selected, delivered): (u64, u64), counts: &Counts, engagement: &Stats) -> Vec<Step> {
    let steps = [
        ("selected", selected),
        ("denied", counts.denied),
        ("sent", counts.sent),
        ("delivered", delivered),
        ("opened", engagement.opens.unique_human),
        ("clicked", engagement.clicks.unique_human),
        ("unsubscribed", engagement.unsubscribed),
        ("complained", engagement.complained),
    ];
    steps.into_iter().map(|(step, people)| Step { step, people }).collect()
}

fn notes(campaign: &crate::Campaign, counts: &Counts, engagement: &Stats, kept: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, value| notes.push(Note { code, value });
    if campaign.draft.track {
        // Whoever did not allow counting, or shows no images, opens unseen.
        note("opens_are_a_lower_bound", None);
    } else {
        note("tracking_off", None);
    }
    let machines = engagement.opens.machine + engagement.opens.probable_machine;
    if let Some(share) = (machines * 100).checked_div(machines + engagement.opens.human).filter(|share| *share > 0) {
        note("machine_opens", Some(share));
    }
    if !counts.settled() {
        note("still_going", Some(counts.queued + counts.sending));
    }
    if counts.in_doubt > 0 {
        note("in_doubt", Some(counts.in_doubt));
    }
    if kept && counts.sent == 0 {
        note("figures_kept_only", None);
    }
    notes
}
