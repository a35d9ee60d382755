//! Who gets it: the audience, and what the gate says about it.

use std::collections::BTreeMap;

use ::people::segments::saved;
use kernel::Locale;
use store::Ctx;

use super::{Fix, Item, Level};
use crate::Result;
use crate::model::Campaign;
use crate::preflight::Preflight;

/// Reasons of the gate that concern a lawful basis.
const BASIS: &[&str] = &[
    "no_basis",
    "basis_not_allowed",
    "basis_other_purpose",
    "basis_other_channel",
    "consent_pending",
    "consent_withdrawn",
    "basis_invalid",
    "basis_expired",
    "basis_not_yet_valid",
    "doi_missing",
    "evidence_missing",
    "soft_opt_in_no_sale",
    "soft_opt_in_not_similar",
    "soft_opt_in_no_opt_out",
    "implied_consent_incomplete",
    "lia_missing",
    "lia_expired",
    "lia_other_purpose",
    "reason_missing",
    "provenance_missing",
    "art14_notice_missing",
    "address_not_published",
    "special_category",
    "purchased_list",
    "country_approval_missing",
    "list_screen_missing",
    "list_screen_listed",
];

/// Reasons of the gate that stand against the person or the address.
const STOPS: &[&str] = &[
    "erased",
    "restricted",
    "legal_block",
    "complaint",
    "unsubscribe_all",
    "objection",
    "person_block",
    "hard_bounce",
    "domain_block",
    "opt_out",
    "soft_bounce_limit",
    "paused",
    "archived",
    "minor",
];

fn of(reasons: &BTreeMap<String, u64>, which: &[&str]) -> u64 {
    reasons.iter().filter(|(reason, _)| which.contains(&reason.as_str())).map(|(_, count)| count).sum()
}

/// Whether topic and segment are there.
pub(crate) async fn places(items: &mut Vec<Item>, ctx: &Ctx, campaign: &Campaign) -> Result<()> {
    let topic = ::people::topics::get(ctx, campaign.draft.topic).await?;
    if topic.archived_at.is_some() {
        items.push(Item::new("topic_archived", Level::Blocking, Fix::Audience).value("topic", topic.name));
    }
    if let Some(segment) = campaign.draft.segment {
        match saved::get(ctx, segment).await {
            Ok(_) => {}
            Err(::people::Error::NotFound(_)) => {
                items.push(Item::new("segment_missing", Level::Blocking, Fix::Audience));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What the gate says about everybody.
pub(crate) fn audience(items: &mut Vec<Item>, campaign: &Campaign, report: &Preflight) {
    let selected = report.selected;
    if report.allowed == 0 {
        items.push(Item::new("audience_empty", Level::Blocking, Fix::Audience).count(0).value("selected", selected));
    } else {
        let item = Item::new("audience", Level::Ok, Fix::Audience);
        items.push(item.count(report.allowed).value("selected", selected));
    }
    let excluded: u64 = report.denied.values().sum();
    if excluded > 0 {
        let item = Item::new("audience_excluded", Level::Warning, Fix::Audience).count(excluded);
        items.push(item.value("selected", selected));
    }
    let baseless = of(&report.denied, BASIS);
    let item = Item::judged("consent_basis", baseless == 0, Level::Warning, Fix::Privacy).count(baseless);
    items.push(item.value("purpose", campaign.draft.purpose.as_str()));
    items.push(Item::new("suppressed", Level::Ok, Fix::Privacy).count(of(&report.denied, STOPS)));
    let capped: u64 = of(&report.deferred, &["frequency_cap"]);
    if capped > 0 {
        items.push(Item::new("frequency_cap", Level::Warning, Fix::Schedule).count(capped));
    }
    let later = report.deferred.values().sum::<u64>() - capped;
    let item = Item::judged("quiet_hours", later == 0, Level::Warning, Fix::Schedule);
    items.push(item.count(later));
}

/// Whether people get the campaign in a language they read.
pub(crate) fn languages(items: &mut Vec<Item>, offered: &[&Locale], readers: &BTreeMap<String, u64>) {
    let offers = |language: &str| {
        language.parse::<Locale>().is_ok_and(|wanted| offered.iter().any(|has| has.language() == wanted.language()))
    };
    let mut without: Vec<(&str, u64)> =
        readers.iter().filter(|(language, _)| !offers(language)).map(|(l, n)| (l.as_str(), *n)).collect();
    without.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let count: u64 = without.iter().map(|(_, count)| count).sum();
    let names: Vec<&str> = without.iter().take(5).map(|(language, _)| *language).collect();
    let item = Item::judged("language_match", count == 0, Level::Warning, Fix::Content).count(count);
    items.push(if names.is_empty() { item } else { item.value("languages", names.join(", ")) });
}
