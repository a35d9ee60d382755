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
    /// What is told of a campaign by SMS besides.
    pub sms: Option<OfTexts>,
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
    if campaign.draft.texts.is_some() {
        return of_texts(ctx, outbound, &campaign).await;
    }
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
    let sms = None;
    Ok(Report { id, sms, kept, state: campaign.state, selected, delivered, funnel, track, notes, counts, engagement })
}

/// What is told of a campaign by SMS besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OfTexts {
    /// Messages that telephones have.
    pub delivered: u64,
    /// Sent, and no receipt says yet what became of them.
    pub unconfirmed: u64,
    /// Their validity ended, or no receipt ever came.
    pub expired: u64,
    /// Waiting because the campaign is paused.
    pub held: u64,
    /// Parts of all messages that were not denied.
    pub parts: u64,
    /// What is charged so far, in millionths of the currency.
    pub cost_micros: i64,
    /// What is set aside for messages under way, in millionths.
    pub reserved_micros: i64,
    /// The balance's currency (ISO 4217).
    pub currency: String,
    /// People who followed a link, as far as they allow counting.
    pub clicked: u64,
    /// People who left by an answer or by the link to leave.
    pub unsubscribed: u64,
    /// Messages, parts and money by country.
    pub by_country: Vec<outbound::texts::CountryFigures>,
}

async fn of_texts(ctx: &Ctx, outbound: &Outbound, campaign: &crate::Campaign) -> Result<Report> {
    let refused = |problem| crate::Error::Store(store::Error::Refused(problem));
    let source = campaign.id.into();
    let figures = outbound.texts()?.figures(ctx, source).await.map_err(refused)?;
    let balance = billing::balance::get(ctx).await.map_err(|error| refused(error.problem()))?;
    let mut engagement = Stats { unsubscribed: figures.left, ..Stats::default() };
    if let Ok(run) = outbound::get(ctx, source).await {
        let version = outbound.versions().load(ctx, content::VersionId(run.content)).await?;
        for link in version.compiled.default.links() {
            let found = figures.clicks.iter().find(|clicks| clicks.number == link.number);
            let clicks = found.map(|found| found.clicks).unwrap_or_default();
            engagement.links.push(tracking::LinkStats { number: link.number, url: link.url.clone(), clicks });
        }
    }
    for clicks in figures.clicks.iter().map(|link| link.clicks) {
        engagement.clicks.human += clicks.human;
        engagement.clicks.probable_machine += clicks.probable_machine;
        engagement.clicks.machine += clicks.machine;
    }
    engagement.clicks.unique_human = figures.clicked;
    let point = |hour: &outbound::texts::HourFigures| tracking::SeriesPoint {
        at: hour.at,
        clicks: hour.clicks,
        ..tracking::SeriesPoint::default()
    };
    engagement.series = figures.hours.iter().map(point).collect();
    let counts = figures.counts;
    let selected = counts.queued
        + counts.sending
        + counts.sent
        + counts.failed
        + counts.denied
        + counts.cancelled
        + counts.in_doubt;
    let steps = [
        ("selected", selected),
        ("denied", counts.denied),
        ("sent", counts.sent),
        ("delivered", figures.delivered),
        ("clicked", figures.clicked),
        ("unsubscribed", figures.left),
    ];
    let mut notes = Vec::new();
    let mut note = |code, value: u64| notes.push(Note { code, value: Some(value).filter(|value| *value > 0) });
    match campaign.halted_by.as_deref() {
        Some("insufficient_balance") => note("waiting_for_money", counts.queued),
        Some(_) => note("waiting_for_tomorrow", 0),
        None => {}
    }
    if !campaign.draft.track {
        note("tracking_off", 0);
    }
    if !counts.settled() {
        note("still_going", counts.queued + counts.sending);
    }
    if figures.unconfirmed > 0 {
        note("receipts_pending", figures.unconfirmed);
    }
    if counts.in_doubt > 0 {
        note("in_doubt", counts.in_doubt);
    }
    let sms = OfTexts {
        delivered: figures.delivered,
        unconfirmed: figures.unconfirmed,
        expired: figures.expired,
        held: figures.held,
        parts: figures.parts,
        cost_micros: figures.cost_micros,
        reserved_micros: figures.reserved_micros,
        currency: balance.currency,
        clicked: figures.clicked,
        unsubscribed: figures.left,
        by_country: figures.by_country,
    };
    Ok(Report {
        id: campaign.id,
        state: campaign.state,
        selected,
        delivered: figures.delivered,
        funnel: steps.into_iter().map(|(step, people)| Step { step, people }).collect(),
        track: campaign.draft.track,
        notes,
        counts,
        engagement,
        sms: Some(sms),
        kept: Vec::new(),
    })
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
    /// `tracking_off`, `opens_are_a_lower_bound`, `machine_opens`, `still_going`, `in_doubt`, `figures_kept_only`; by
    /// SMS also `waiting_for_money`, `waiting_for_tomorrow` and `receipts_pending`.
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
