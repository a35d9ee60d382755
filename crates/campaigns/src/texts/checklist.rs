//! What is to be looked at before a campaign by SMS is sent.

use ::people::segments::live::Live;
use billing::Micros;
use outbound::Outbound;
use privacy::vocabulary::Purpose;
use store::Ctx;

use super::Estimate;
use super::estimate::{Survey, survey};
use crate::checklist::{Checklist, Fix, Item, Level, people, surveyed_problem};
use crate::model::Campaign;
use crate::{Error, Result};

/// Parts above which a message is long for a telephone.
const LONG: u32 = 3;
/// Parts a second, when nobody says more: what operators give a new customer.
const PER_SECOND: u64 = 50;

/// Goes through the list for a campaign by SMS as it stands.
pub(crate) async fn checklist(ctx: &Ctx, outbound: &Outbound, live: &Live, campaign: &Campaign) -> Result<Checklist> {
    let mut items = Vec::new();
    people::places(&mut items, ctx, campaign).await?;
    let there = items.iter().all(|item: &Item| item.level != Level::Blocking);
    originator(&mut items, ctx, outbound, campaign).await?;
    let surveyed = if there { seen(&mut items, ctx, outbound, (live, campaign)).await? } else { None };
    let mut minutes = None;
    let report = surveyed.as_ref().map(|survey| survey.report.clone()).unwrap_or_default();
    if let Some(survey) = &surveyed {
        people::audience(&mut items, campaign, &survey.report);
        phones(&mut items, survey);
        let read = campaign.draft.offered();
        people::languages(&mut items, &read, &survey.languages);
        wording(&mut items, campaign, survey);
        refused(&mut items, survey);
        money(&mut items, &survey.estimate);
        let needed = survey.estimate.parts.div_ceil(PER_SECOND * 60);
        minutes = (survey.estimate.recipients > 0).then_some(needed);
    }
    let tested = Item::judged("tested", campaign.is_tested(), Level::Warning, Fix::Schedule);
    items.push(match campaign.tested_at {
        Some(at) => tested.value("tested_at", at),
        None => tested,
    });
    let ready = items.iter().all(|item| item.level != Level::Blocking);
    Ok(Checklist {
        items,
        ready,
        selected: report.selected,
        allowed: report.allowed,
        denied: report.denied,
        deferred: report.deferred,
        minutes_estimate: minutes,
    })
}

/// The survey of the audience; `None`, with an item, when the wording cannot be read or weighed.
async fn seen(
    items: &mut Vec<Item>,
    ctx: &Ctx,
    outbound: &Outbound,
    (live, campaign): (&Live, &Campaign),
) -> Result<Option<Survey>> {
    match survey(ctx, outbound, live, campaign).await {
        Ok(survey) => Ok(Some(survey)),
        Err(Error::Content(::content::Error::Template(problems))) => {
            surveyed_problem(items, &problems);
            Ok(None)
        }
        Err(Error::Invalid(problem)) => {
            items.push(Item::new("text_invalid", Level::Blocking, Fix::Content).value("detail", problem.detail));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn originator(items: &mut Vec<Item>, ctx: &Ctx, outbound: &Outbound, campaign: &Campaign) -> Result<()> {
    let from = campaign.draft.texts.as_ref().and_then(|terms| terms.from.as_deref());
    let there = outbound.texts()?.originates(ctx, from).await.unwrap_or(false);
    let item = Item::judged("originator", there, Level::Blocking, Fix::Sender);
    items.push(match from {
        Some(from) => item.value("originator", from),
        None => item,
    });
    Ok(())
}

fn phones(items: &mut Vec<Item>, survey: &Survey) {
    let without = survey.estimate.without_phone;
    items.push(Item::judged("without_phone", without == 0, Level::Warning, Fix::Audience).count(without));
}

fn wording(items: &mut Vec<Item>, campaign: &Campaign, survey: &Survey) {
    let wordings = &survey.estimate.wordings;
    for wording in wordings {
        let parts = Item::judged("text_parts", wording.parts <= LONG, Level::Warning, Fix::Content);
        items.push(parts.count(u64::from(wording.parts)).value("language", &wording.language));
        if wording.encoding == "UCS2" {
            // Arabic is written so; a single stray sign in a Latin text more than doubles its price.
            let arabic = wording.because.iter().all(|c| matches!(c, '\u{600}'..='\u{6FF}' | '\u{FB50}'..='\u{FEFF}'));
            let expected = arabic || wording.because.len() >= 10;
            let shown: Vec<String> = wording.because.iter().map(ToString::to_string).collect();
            let item = Item::judged("text_encoding", expected, Level::Warning, Fix::Content);
            items.push(item.value("language", &wording.language).value("characters", shown.join(" ")));
        }
    }
    if campaign.draft.purpose == Purpose::MARKETING {
        let silent: Vec<String> =
            wordings.iter().filter(|wording| !wording.says_stop).map(|wording| wording.language.to_string()).collect();
        let item = Item::judged("opt_out_words", silent.is_empty(), Level::Blocking, Fix::Content);
        items.push(if silent.is_empty() { item } else { item.value("languages", silent.join(", ")) });
        let american = survey.report.denied.contains_key("element_missing");
        if american && silent.is_empty() {
            // The row of the country asks for the word that gives help, too.
            let count = survey.report.denied.get("element_missing").copied().unwrap_or_default();
            items.push(Item::new("help_words", Level::Warning, Fix::Content).count(count));
        }
    }
    let names = survey.gaps.join(", ");
    let item = Item::judged("merge_fallbacks", survey.gaps.is_empty(), Level::Warning, Fix::Content);
    items.push(item.count(survey.gaps.len() as u64).value("fields", names));
}

/// What the channel refuses, with where that is mended.
fn refused(items: &mut Vec<Item>, survey: &Survey) {
    let refused = &survey.estimate.refused;
    let count = |code: &str| refused.get(code).copied().unwrap_or_default();
    let closed = count("country_not_allowed");
    let shown: Vec<&str> = survey.closed.keys().map(String::as_str).take(20).collect();
    let item = Item::judged("countries", closed == 0, Level::Warning, Fix::Settings).count(closed);
    items.push(if closed == 0 { item } else { item.value("countries", shown.join(", ")) });
    for (code, reason, fix) in [
        ("originators", "no_originator", Fix::Sender),
        ("too_many_parts", "too_many_parts", Fix::Content),
        ("prices", "unpriced", Fix::Prices),
        ("required_values", "required_value_missing", Fix::Content),
    ] {
        let people = count(reason);
        items.push(Item::judged(code, people == 0, Level::Warning, fix).count(people));
    }
}

fn money(items: &mut Vec<Item>, estimate: &Estimate) {
    let item = Item::judged("balance", estimate.covered, Level::Blocking, Fix::Balance);
    let item = item.value("cost_micros", estimate.cost_micros).value("currency", &estimate.currency);
    items.push(match estimate.available_micros {
        Some(available) => item.value("available_micros", Micros(available).0),
        None => item,
    });
}
