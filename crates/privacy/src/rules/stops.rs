//! Row 0: what stops a message whatever its basis.

use kernel::Timestamp;

use super::facts::Facts;
use super::pack::{Class, RulePack};
use super::reason::Reason;
use super::state::{Restriction, Suppression};
use super::words::{Bounce, SuppressionReason};
use crate::vocabulary::{BasisKind, Purpose, Scope};

/// The strongest stop, if any: erased, legal block, complaint, unsubscribe-all, hard bounce, domain
/// block, opt-out, soft limit, pause; then archive and age.
pub(super) fn stop(facts: &Facts, class: Class, pack: &RulePack, now: Timestamp) -> Option<Reason> {
    if class == Class::Statutory {
        return None;
    }
    let state = &facts.state;
    if state.erased {
        return Some(Reason::Erased);
    }
    if is_restricted(facts) {
        return Some(Reason::Restricted);
    }
    let mut strongest: Option<(u8, Reason)> = None;
    let mut note = |candidate: (u8, Reason)| {
        if strongest.is_none_or(|(rank, _)| candidate.0 < rank) {
            strongest = Some(candidate);
        }
    };
    for suppression in &state.suppressions {
        if applies(suppression, facts, class) {
            note(ranked(suppression));
        }
    }
    if state.bounce == Bounce::Hard {
        note((5, Reason::HardBounce));
    }
    if class != Class::Service {
        if objects(facts, class) {
            note((4, Reason::Objection));
        }
        if state.bounce == Bounce::SoftLimit {
            note((8, Reason::SoftBounceLimit));
        }
        if state.archived {
            note((10, Reason::Archived));
        }
        if is_minor(facts, pack, now) {
            note((11, Reason::Minor));
        }
    }
    strongest.map(|(_, reason)| reason)
}

fn ranked(suppression: &Suppression) -> (u8, Reason) {
    match (suppression.reason, suppression.kind) {
        (SuppressionReason::Erased, _) => (0, Reason::Erased),
        (SuppressionReason::LegalBlock, _) => (1, Reason::LegalBlock),
        (SuppressionReason::Complaint, _) => (2, Reason::Complaint),
        (SuppressionReason::UnsubscribeAll, _) => (4, Reason::UnsubscribeAll),
        (SuppressionReason::HardBounce, _) => (5, Reason::HardBounce),
        (SuppressionReason::DomainBlock, _) | (SuppressionReason::OptOut | SuppressionReason::Other, "domain") => {
            (6, Reason::DomainBlock)
        }
        (SuppressionReason::OptOut | SuppressionReason::Other, "person") => (3, Reason::PersonBlock),
        (SuppressionReason::OptOut | SuppressionReason::Other, _) => (7, Reason::OptOut),
        (SuppressionReason::SoftLimit, _) => (8, Reason::SoftBounceLimit),
        (SuppressionReason::Pause, _) => (9, Reason::Paused),
    }
}

/// Whether an entry covers what is asked. Service messages yield only to erasure, a hard bounce of
/// the address, and a block of the whole person.
fn applies(suppression: &Suppression, facts: &Facts, class: Class) -> bool {
    if suppression.reason == SuppressionReason::Erased || suppression.kind == "person" {
        return true;
    }
    if class == Class::Service {
        return suppression.reason == SuppressionReason::HardBounce && suppression.kind == "address";
    }
    // A complaint, an objection and an unsubscribe-all reach every channel, wherever they came in.
    if matches!(
        suppression.reason,
        SuppressionReason::LegalBlock | SuppressionReason::Complaint | SuppressionReason::UnsubscribeAll
    ) {
        return true;
    }
    match &suppression.scope {
        Some(Scope::Purpose(purpose)) => {
            *purpose == facts.purpose || (*purpose == Purpose::MARKETING && class == Class::Marketing)
        }
        Some(Scope::Channel(channel)) => *channel == facts.channel,
        Some(Scope::Topic(topic)) => facts.topic.as_deref().is_none_or(|asked| asked == topic),
        Some(Scope::Person | Scope::Address | Scope::Domain) | None => true,
    }
}

/// Art. 18: what the person asked for after the restriction may still be sent.
fn is_restricted(facts: &Facts) -> bool {
    let asked = |since: Option<Timestamp>| {
        facts.basis.iter().any(|claim| {
            claim.kind == BasisKind::SubjectRequest && since.is_none_or(|since| claim.at.is_some_and(|at| at >= since))
        })
    };
    match facts.state.restricted {
        Restriction::None => false,
        Restriction::Undated => !asked(None),
        Restriction::Since(since) => !asked(Some(since)),
    }
}

/// An objection to marketing reaches the profiling and tracking behind it (GDPR Art. 21(2)).
fn objects(facts: &Facts, class: Class) -> bool {
    let objections = &facts.state.objections;
    objections.all
        || objections.purposes.iter().any(|purpose| {
            *purpose == facts.purpose
                || (*purpose == Purpose::MARKETING && matches!(class, Class::Marketing | Class::Tracking))
        })
}

/// A minor until the birthday has begun in every zone the person may be in.
fn is_minor(facts: &Facts, pack: &RulePack, now: Timestamp) -> bool {
    let Some(birth) = facts.state.birth_date else { return false };
    let years = facts.state.min_age.unwrap_or(pack.limits.min_age);
    let Ok(birthday) = birth.checked_add(jiff::Span::new().years(i64::from(years))) else { return true };
    let before = |zone: &jiff::tz::TimeZone| zone.to_datetime(now.to_jiff()).date() < birthday;
    if facts.state.time_zones.is_empty() {
        return before(&jiff::tz::TimeZone::UTC);
    }
    facts.state.time_zones.iter().any(before)
}
