//! Whether a lawful basis on record carries a message under a row.

use kernel::Timestamp;

use super::facts::{Claim, Facts, Lia};
use super::pack::{BasisRule, Class, Need, Row, RulePack};
use super::reason::Reason;
use super::words::{CollectedIn, DoiStatus, ImpliedKind, Relationship};
use crate::vocabulary::{BasisKind, ConsentState, Purpose};

/// How far a claim got before it failed: the furthest failure is the one worth telling.
pub(super) type Failure = (u8, Reason);

/// Finds the rule of the row that this claim satisfies.
pub(super) fn check<'r>(
    claim: &Claim,
    facts: &Facts,
    row: &'r Row,
    pack: &RulePack,
    now: Timestamp,
) -> Result<&'r BasisRule, Failure> {
    concerns(claim, facts, pack)?;
    let rule = row
        .bases
        .iter()
        .find(|rule| {
            rule.accept.contains(&claim.kind) && rule.channels.as_ref().is_none_or(|list| list.contains(&facts.channel))
        })
        .ok_or((3, Reason::BasisNotAllowed))?;
    if !permitted(claim.kind, facts.state.bases_allowed.as_deref()) {
        return Err((4, Reason::BasisForbidden));
    }
    is_valid(claim, now)?;
    if said_no(claim, facts, pack, now) {
        return Err((6, Reason::ConsentWithdrawn));
    }
    if claim.import_kind.as_deref() == Some("purchased") && !(rule.purchased && claim.provenance) {
        return Err((7, Reason::PurchasedList));
    }
    conditions(claim, facts, rule, pack, now).map_err(|reason| (8, reason))?;
    Ok(rule)
}

/// Whether a workspace that works with `allowed` alone (every basis when absent) may rest on this one. Duties
/// in law and what the person asked for are nobody's to exclude.
pub(crate) fn permitted(kind: BasisKind, allowed: Option<&[BasisKind]>) -> bool {
    matches!(kind, BasisKind::LegalObligation | BasisKind::SubjectRequest)
        || allowed.is_none_or(|allowed| allowed.contains(&kind))
}

/// The claim speaks about this purpose and this channel.
fn concerns(claim: &Claim, facts: &Facts, pack: &RulePack) -> Result<(), Failure> {
    if let Some(purpose) = &claim.purpose
        && !same_purpose(purpose, &facts.purpose, pack)
    {
        return Err((1, Reason::BasisOtherPurpose));
    }
    match &claim.channels {
        Some(channels) if !channels.contains(&facts.channel) => Err((2, Reason::BasisOtherChannel)),
        _ => Ok(()),
    }
}

/// Service purposes stand for each other; every other purpose only for itself.
fn same_purpose(stated: &Purpose, asked: &Purpose, pack: &RulePack) -> bool {
    stated == asked || (pack.class(asked) == Some(Class::Service) && pack.class(stated) == Some(Class::Service))
}

fn is_valid(claim: &Claim, now: Timestamp) -> Result<(), Failure> {
    match claim.state.unwrap_or(ConsentState::Given) {
        ConsentState::Given | ConsentState::Renewed => {}
        ConsentState::Requested => return Err((5, Reason::ConsentPending)),
        ConsentState::Withdrawn | ConsentState::Refused | ConsentState::Objected => {
            return Err((6, Reason::ConsentWithdrawn));
        }
        ConsentState::Expired => return Err((5, Reason::BasisExpired)),
        ConsentState::Revoked | ConsentState::Invalidated => return Err((5, Reason::BasisInvalid)),
    }
    if claim.expires_at.is_some_and(|end| now >= end) {
        return Err((5, Reason::BasisExpired));
    }
    if claim.at.is_some_and(|at| at > now) {
        return Err((5, Reason::BasisNotYetValid));
    }
    Ok(())
}

/// The person said no to this purpose and channel, and nothing they gave later takes it back: no
/// other basis may stand in for a refused consent.
fn said_no(claim: &Claim, facts: &Facts, pack: &RulePack, now: Timestamp) -> bool {
    facts.basis.iter().any(|other| {
        let refusal = other.state.is_some_and(ConsentState::is_refusal) && concerns(other, facts, pack).is_ok();
        let later = claim.kind.is_consent()
            && matches!((claim.at, other.at), (Some(given), Some(refused)) if given > refused && given <= now);
        refusal && !later
    })
}

fn conditions(claim: &Claim, facts: &Facts, rule: &BasisRule, pack: &RulePack, now: Timestamp) -> Result<(), Reason> {
    match claim.kind {
        BasisKind::SoftOptIn => soft_opt_in(claim, facts, rule, now),
        BasisKind::LegitimateInterest => legitimate_interest(claim, facts, rule, pack, now),
        BasisKind::ImpliedConsent => implied(claim, pack, now),
        kind if kind.is_consent() => evidence(claim, rule, now),
        _ => Ok(()),
    }
}

fn evidence(claim: &Claim, rule: &BasisRule, now: Timestamp) -> Result<(), Reason> {
    let confirmed =
        claim.doi.is_some_and(|doi| doi.status == DoiStatus::Confirmed && doi.at.is_none_or(|at| at <= now));
    if rule.doi && !confirmed {
        return Err(Reason::DoiMissing);
    }
    if rule.evidence && !confirmed && !claim.evidence {
        return Err(Reason::EvidenceMissing);
    }
    Ok(())
}

fn soft_opt_in(claim: &Claim, facts: &Facts, rule: &BasisRule, now: Timestamp) -> Result<(), Reason> {
    if facts.state.special_category {
        return Err(Reason::SpecialCategory);
    }
    let collected = claim.sale_at.or(claim.at);
    let relationship = claim.relationship.unwrap_or(Relationship::None);
    let charity = relationship == Relationship::Supporter || claim.collected_in == Some(CollectedIn::Charity);
    let occasion = if charity {
        rule.charity_from.is_some_and(|from| collected.is_some_and(|at| at >= from))
    } else {
        match claim.collected_in {
            Some(CollectedIn::Sale) => relationship == Relationship::Customer && claim.sale_at.is_some(),
            Some(CollectedIn::Negotiation) => rule.negotiations && relationship != Relationship::None,
            _ => false,
        }
    };
    if !occasion {
        return Err(Reason::SoftOptInNoSale);
    }
    if collected.is_some_and(|at| at > now) {
        return Err(Reason::BasisNotYetValid);
    }
    if !claim.similar_goods && !charity {
        return Err(Reason::SoftOptInNotSimilar);
    }
    if !claim.opt_out_offered_at_collection || !claim.opt_out_offered_each_time {
        return Err(Reason::SoftOptInNoOptOut);
    }
    match claim.max_age_months {
        Some(months) if collected.is_none_or(|at| now >= months_after(at, months)) => Err(Reason::BasisExpired),
        _ => Ok(()),
    }
}

fn legitimate_interest(
    claim: &Claim,
    facts: &Facts,
    rule: &BasisRule,
    pack: &RulePack,
    now: Timestamp,
) -> Result<(), Reason> {
    if facts.state.special_category {
        return Err(Reason::SpecialCategory);
    }
    match &claim.lia {
        Some(lia) => assessment(lia, facts, pack, now)?,
        None if rule.needs.contains(&Need::Lia) => return Err(Reason::LiaMissing),
        None => {}
    }
    for need in &rule.needs {
        match need {
            Need::Reason if !claim.reason => return Err(Reason::ReasonMissing),
            Need::Provenance if !claim.provenance => return Err(Reason::ProvenanceMissing),
            Need::Art14Notice if !claim.art14_notice => return Err(Reason::Art14NoticeMissing),
            Need::Published if !claim.address_published_for_marketing => return Err(Reason::AddressNotPublished),
            _ => {}
        }
    }
    if claim.touches >= pack.limits.touches {
        return Err(Reason::TouchesExhausted);
    }
    let limit = i64::from(pack.limits.engagement_days) * 86_400;
    match claim.last_engagement_at.max(claim.first_touch_at) {
        Some(last) if now >= last.plus_seconds(limit) => Err(Reason::NoEngagement),
        _ => Ok(()),
    }
}

/// A live assessment: recorded, for this purpose, begun, and not older than the pack allows.
fn assessment(lia: &Lia, facts: &Facts, pack: &RulePack, now: Timestamp) -> Result<(), Reason> {
    let renewal = lia.start.map(|start| months_after(start, pack.limits.assessment_months));
    let end = match (lia.expires_at, renewal) {
        (Some(end), Some(renewal)) => end.min(renewal),
        (Some(end), None) | (None, Some(end)) => end,
        (None, None) => return Err(Reason::LiaMissing),
    };
    if !lia.id {
        return Err(Reason::LiaMissing);
    }
    if lia.purpose.as_ref().is_some_and(|purpose| !same_purpose(purpose, &facts.purpose, pack)) {
        return Err(Reason::LiaOtherPurpose);
    }
    if lia.start.is_some_and(|start| start > now) {
        return Err(Reason::BasisNotYetValid);
    }
    if now >= end { Err(Reason::LiaExpired) } else { Ok(()) }
}

fn implied(claim: &Claim, pack: &RulePack, now: Timestamp) -> Result<(), Reason> {
    let months = match claim.implied_by {
        Some(ImpliedKind::Purchase) => pack.limits.implied_purchase_months,
        Some(ImpliedKind::Enquiry) => pack.limits.implied_enquiry_months,
        Some(ImpliedKind::Published) if claim.relevant_to_role && claim.no_refusal_statement => return Ok(()),
        _ => return Err(Reason::ImpliedConsentIncomplete),
    };
    let at = claim.at.or(claim.sale_at).ok_or(Reason::ImpliedConsentIncomplete)?;
    if at > now {
        return Err(Reason::BasisNotYetValid);
    }
    if now < months_after(at, months) { Ok(()) } else { Err(Reason::BasisExpired) }
}

/// Calendar months later, in UTC: the same day number, or the month's last day when it has none.
pub(crate) fn months_after(at: Timestamp, months: u32) -> Timestamp {
    jiff::tz::TimeZone::UTC
        .to_datetime(at.to_jiff())
        .checked_add(jiff::Span::new().months(i64::from(months.min(12_000))))
        .ok()
        .and_then(|end| end.to_zoned(jiff::tz::TimeZone::UTC).ok())
        .map_or(Timestamp(i64::MAX), |end| end.timestamp().into())
}
