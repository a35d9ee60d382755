//! What a campaign by SMS will weigh and cost, asked of everybody it is for.

use std::collections::BTreeMap;

use billing::balance;
use kernel::{CampaignId, ContactId, Locale};
use outbound::Outbound;
use outbound::texts::Weight;
use people::segments::live::Live;
use privacy::gate::{Ask, ContentMeta};
use privacy::suppression;
use privacy::vocabulary::Channel;
use serde::Serialize;
use store::Ctx;

use super::say::Speaking;
use crate::audience::Audience;
use crate::lifecycle::get;
use crate::model::Campaign;
use crate::preflight::{Blocker, Preflight};
use crate::{Error, Result};

/// Recipients and money of one country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OfCountry {
    /// The country (ISO 3166).
    pub country: String,
    /// How many people.
    pub recipients: u64,
    /// Parts of all their messages.
    pub parts: u64,
    /// What they cost together, in millionths of the balance's currency.
    pub cost_micros: i64,
}

/// How many people get so many parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OfParts {
    /// Parts of a message.
    pub parts: u32,
    /// How many people.
    pub recipients: u64,
}

/// One language's wording, as somebody with usual values reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// The language.
    pub language: Locale,
    /// `GSM_7BIT` or `UCS2`.
    pub encoding: &'static str,
    /// How many parts.
    pub parts: u32,
    /// The first characters, at most ten, because of which it is UCS-2.
    pub because: Vec<char>,
    /// Whether it says by which word, or link, people stop messages.
    pub says_stop: bool,
    /// Whether it says by which word people ask for help.
    pub says_help: bool,
}

/// What a campaign will weigh and cost if it is sent now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Who would be written to.
    pub recipients: u64,
    /// Who is in the audience and has no number.
    pub without_phone: u64,
    /// Whom the gate denies.
    pub denied: u64,
    /// Of the recipients, who wait for a window or a cap.
    pub deferred: u64,
    /// Whom the gate lets through and the channel refuses, by reason.
    pub refused: BTreeMap<&'static str, u64>,
    /// Parts of all messages.
    pub parts: u64,
    /// What they cost, in millionths of the balance's currency.
    pub cost_micros: i64,
    /// The currency (ISO 4217).
    pub currency: String,
    /// What the balance has, credit included; `None` when it is only counted.
    pub available_micros: Option<i64>,
    /// Whether that is enough.
    pub covered: bool,
    /// By country, the dearest first.
    pub by_country: Vec<OfCountry>,
    /// Recipients by alphabet.
    pub by_encoding: BTreeMap<&'static str, u64>,
    /// Recipients by parts.
    pub by_parts: Vec<OfParts>,
    /// The wordings.
    pub wordings: Vec<Wording>,
}

/// What was seen of the audience.
pub(crate) struct Survey {
    pub(crate) report: Preflight,
    pub(crate) estimate: Estimate,
    /// Countries that the channel refuses.
    pub(crate) closed: BTreeMap<String, u64>,
    /// Language → how many of the selected read it, of those whose language is known.
    pub(crate) languages: BTreeMap<String, u64>,
    /// Personal fields that have neither a fallback nor are required.
    pub(crate) gaps: Vec<String>,
}

/// What a campaign by SMS will weigh and cost.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::State`] for one by e-mail.
pub async fn estimate(ctx: &Ctx, outbound: &Outbound, live: &Live, id: CampaignId) -> Result<Estimate> {
    let campaign = get(ctx, id).await?;
    if campaign.draft.texts.is_none() {
        return Err(Error::State { state: "sent by e-mail", wanted: "priced" });
    }
    Ok(survey(ctx, outbound, live, &campaign).await?.estimate)
}

/// Asks the gate and the channel about everybody, without leave to send.
pub(crate) async fn survey(ctx: &Ctx, outbound: &Outbound, live: &Live, campaign: &Campaign) -> Result<Survey> {
    let draft = &campaign.draft;
    let terms = draft.texts.clone().unwrap_or_default();
    let texts = outbound.texts()?;
    let (run, speaking, _) = super::run(ctx, outbound, campaign, ctx.now()).await?;
    let version = outbound.versions().load(ctx, content::VersionId(run.content)).await?;
    let gaps = version.compiled.all().flat_map(|compiled| compiled.without_fallback()).map(str::to_owned).collect();
    let mut survey = Survey {
        report: Preflight::default(),
        estimate: Estimate { wordings: wordings(outbound, &terms, &speaking)?, ..Estimate::default() },
        closed: BTreeMap::new(),
        languages: BTreeMap::new(),
        gaps,
    };
    if !texts.originates(ctx, terms.from.as_deref()).await.unwrap_or(false) {
        let detail = "add the originator under senders first".to_owned();
        survey.report.blockers.push(Blocker { code: "originator_missing", detail });
    }
    let content = ContentMeta { hash: version.hash, missing: missing(&run.settings.missing), promotional: false };
    let audience = Audience::of(ctx, live, campaign.id.into(), (draft.topic, draft.segment)).await?;
    let keys = ctx.keys().await?;
    let mut after = Some(ContactId([0; 16]));
    let (mut countries, mut sizes) = (BTreeMap::<String, OfCountry>::new(), BTreeMap::<u32, u64>::new());
    while let Some(from) = after {
        let (people, next) = audience.people(ctx, from, 1000).await?;
        after = next;
        let said = speaking.to(ctx, &people).await?;
        survey.estimate.without_phone += said.without_phone;
        survey.report.selected += said.texts.len() as u64;
        let asks = said
            .texts
            .iter()
            .map(|text| {
                let address = suppression::phone_hash(&keys, &text.phone);
                Ask {
                    subject: text.contact,
                    address,
                    domain: address,
                    channel: Channel::Sms,
                    purpose: draft.purpose.clone(),
                    topic: Some(draft.topic),
                    content: content.clone(),
                    sender_verified: true,
                }
            })
            .collect();
        let answers = outbound.gate().preview(ctx, asks).await?;
        let quotes = texts.quote(ctx, &terms, &said.texts).await.map_err(Error::Invalid)?;
        for ((text, answer), quote) in said.texts.iter().zip(answers).zip(quotes) {
            *survey.languages.entry(text.language.to_string()).or_default() += 1;
            let deferred = match answer {
                Ok(_) => None,
                Err(denial) if denial.is_deferral() => Some(denial.reason),
                Err(denial) => {
                    survey.estimate.denied += 1;
                    *survey.report.denied.entry(denial.reason).or_default() += 1;
                    continue;
                }
            };
            if let Some(reason) = quote.refused {
                *survey.report.denied.entry(reason.to_owned()).or_default() += 1;
                *survey.estimate.refused.entry(reason).or_default() += 1;
                if reason == "country_not_allowed" {
                    *survey.closed.entry(quote.country.unwrap_or_default()).or_default() += 1;
                }
                continue;
            }
            survey.report.allowed += 1;
            if let Some(reason) = deferred {
                survey.estimate.deferred += 1;
                *survey.report.deferred.entry(reason).or_default() += 1;
            }
            let estimate = &mut survey.estimate;
            estimate.recipients += 1;
            estimate.parts += u64::from(quote.parts);
            estimate.cost_micros = estimate.cost_micros.saturating_add(quote.price_micros);
            *estimate.by_encoding.entry(quote.encoding).or_default() += 1;
            *sizes.entry(quote.parts).or_default() += 1;
            let name = quote.country.unwrap_or_default();
            let country = countries.entry(name.clone()).or_insert(OfCountry { country: name, ..OfCountry::default() });
            country.recipients += 1;
            country.parts += u64::from(quote.parts);
            country.cost_micros = country.cost_micros.saturating_add(quote.price_micros);
        }
    }
    let estimate = &mut survey.estimate;
    estimate.by_country = countries.into_values().collect();
    estimate.by_country.sort_by(|a, b| b.cost_micros.cmp(&a.cost_micros).then(a.country.cmp(&b.country)));
    estimate.by_parts = sizes.into_iter().map(|(parts, recipients)| OfParts { parts, recipients }).collect();
    money(ctx, estimate).await?;
    Ok(survey)
}

async fn money(ctx: &Ctx, estimate: &mut Estimate) -> Result<()> {
    let balance = balance::get(ctx).await.map_err(|error| Error::Invalid(error.problem()))?;
    estimate.currency.clone_from(&balance.currency);
    estimate.available_micros = balance.is_limited().then(|| balance.available.0.saturating_add(balance.credit.0));
    estimate.covered = estimate.available_micros.is_none_or(|available| available >= estimate.cost_micros);
    Ok(())
}

/// The codes that the gate knows, of those that a run's wording lacks.
fn missing(codes: &[String]) -> Vec<&'static str> {
    ["opt_out", "stop_help"].into_iter().filter(|known| codes.iter().any(|code| code == known)).collect()
}

fn wordings(outbound: &Outbound, terms: &super::Terms, speaking: &Speaking) -> Result<Vec<Wording>> {
    let mut out = Vec::new();
    for (language, words) in speaking.samples() {
        let Weight { encoding, parts, because, says_stop, says_help } =
            outbound.texts()?.weigh(terms, &words).map_err(Error::Invalid)?;
        out.push(Wording { language, encoding, parts, because, says_stop, says_help });
    }
    Ok(out)
}
