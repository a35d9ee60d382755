//! The decision: stops, row, basis, overlays, the sender's condition, and last what passes with time.

use kernel::Timestamp;
use serde::Serialize;

use super::basis;
use super::facts::{Claim, Facts};
use super::hours::{Opening, Week};
use super::pack::{BasisRule, Class, Row, RulePack, as_row_channel};
use super::reason::Reason;
use super::state::Quiet;
use super::stops;
use super::words::{AccountState, ApprovalState, BillingState, Screen};
use crate::vocabulary::{BasisKind, Channel, vocabulary};

vocabulary! {
    /// What the gate says.
    Verdict as "verdict" {
        /// The message may go.
        Permit = "permit",
        /// It may not.
        Deny = "deny",
        /// Not now: the gate is to be asked again.
        Defer = "defer",
    }
}

/// The gate's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decision<'p> {
    /// Permit, deny or defer.
    pub decision: Verdict,
    /// Why. A permit names its basis.
    pub reason: Reason,
    /// The id of the row that decided: `0` for a stop, `default` when no row could be found.
    pub rule: &'p str,
    /// The rule pack's version.
    pub pack: &'p str,
    /// When it makes sense to ask again; only with a deferral, and only where that is known.
    pub until: Option<Timestamp>,
}

/// The rule of a stop.
const STOPPED: &str = "0";
/// The rule when nothing else applies.
const DEFAULT: &str = "default";

/// Decides about one message to one person. Pure: the same facts, pack and instant give the same
/// answer. A permanent defect denies before a passing one defers; nothing is permitted by default.
pub fn decide<'p>(facts: &Facts, pack: &'p RulePack, now: Timestamp) -> Decision<'p> {
    let answer = |decision, reason, rule, until| Decision { decision, reason, rule, pack: pack.version(), until };
    let class = pack.class(&facts.purpose);
    if let Some(reason) = stops::stop(facts, class.unwrap_or(Class::Marketing), pack, now) {
        return answer(Verdict::Deny, reason, STOPPED, None);
    }
    let Some(class) = class else {
        return answer(Verdict::Deny, Reason::PurposeUnknown, DEFAULT, None);
    };
    let row = pack.row(class, facts.country, facts.recipient_type, facts.channel);
    let question = Question { facts, pack, class, row, now };
    match question.basis().and_then(|kind| question.sender().map(|()| kind)) {
        Err(reason) => answer(Verdict::Deny, reason, &row.id, None),
        Ok(kind) => match question.passing() {
            Ok(()) => answer(Verdict::Permit, kind.into(), &row.id, None),
            Err((Verdict::Defer, reason, until)) => answer(Verdict::Defer, reason, &row.id, until),
            Err((verdict, reason, _)) => answer(verdict, reason, &row.id, None),
        },
    }
}

struct Question<'q> {
    facts: &'q Facts,
    pack: &'q RulePack,
    class: Class,
    row: &'q Row,
    now: Timestamp,
}

impl<'q> Question<'q> {
    /// The basis the message rests on, with every overlay that depends on the row or the basis.
    fn basis(&self) -> Result<BasisKind, Reason> {
        let mut failure = (0, Reason::NoBasis);
        let mut found = false;
        for claim in &self.facts.basis {
            match self.claim(claim) {
                Ok(_) => found = true,
                Err(other) if other.0 > failure.0 => failure = other,
                Err(_) => {}
            }
        }
        if !found {
            return Err(failure.1);
        }
        self.approval()?;
        self.phone_purpose()?;
        let mut failure = Reason::NoBasis;
        for claim in &self.facts.basis {
            if let Ok(rule) = self.claim(claim) {
                match self.content(claim.kind).and_then(|()| self.screen(rule)) {
                    Ok(()) => return Ok(claim.kind),
                    Err(reason) => failure = reason,
                }
            }
        }
        Err(failure)
    }

    fn claim(&self, claim: &Claim) -> Result<&'q BasisRule, basis::Failure> {
        basis::check(claim, self.facts, self.row, self.pack, self.now)
    }

    /// Five countries want campaigns by telephone approved beforehand.
    fn approval(&self) -> Result<(), Reason> {
        let state = &self.facts.state;
        let channels = state.approvals_required_on.as_deref().unwrap_or(&self.pack.approval_channels);
        let (channel, asked) = (self.facts.channel, as_row_channel(self.facts.channel));
        let required = self.class == Class::Marketing
            && self.pack.needs_approval(self.facts.country)
            && (channels.contains(&asked) || channels.contains(&channel));
        let approved = |approval: &super::state::Approval| {
            Some(approval.country.0) == self.facts.country
                && approval.channel.is_none_or(|granted| granted == channel || as_row_channel(granted) == asked)
                && approval.state == Some(ApprovalState::Approved)
                && approval.expires_at.is_none_or(|end| self.now < end)
        };
        if required && !state.approvals.iter().any(approved) {
            return Err(Reason::CountryApprovalMissing);
        }
        Ok(())
    }

    fn phone_purpose(&self) -> Result<(), Reason> {
        match &self.facts.state.phone_purposes {
            Some(purposes)
                if self.facts.channel.is_phone()
                    && matches!(self.class, Class::Marketing | Class::Tracking)
                    && !purposes.contains(&self.facts.purpose) =>
            {
                Err(Reason::PhonePurposeMissing)
            }
            _ => Ok(()),
        }
    }

    fn content(&self, kind: BasisKind) -> Result<(), Reason> {
        let state = &self.facts.state;
        if self.class != Class::Tracking && state.missing_elements.iter().any(|element| self.requires(element, kind)) {
            return Err(Reason::ElementMissing);
        }
        if state.promotional_content && matches!(self.class, Class::Service | Class::Statutory) {
            return Err(Reason::PromotionalContent);
        }
        Ok(())
    }

    /// Whether this message needs the element. One that the pack does not know is needed by all advertising.
    fn requires(&self, element: &str, kind: BasisKind) -> bool {
        let code = element.split(':').next().unwrap_or(element);
        let among = |list: &[String]| list.iter().any(|known| known == code);
        let elements = &self.pack.elements;
        if among(&self.row.elements) {
            return true;
        }
        self.class == Class::Marketing
            && (among(&elements.always)
                || (self.facts.channel == Channel::Email && among(&elements.email))
                || (kind == BasisKind::LegitimateInterest && among(&elements.legitimate_interest))
                || !self.pack.is_conditional(code))
    }

    /// A listing stops automated calls and every basis that the list concerns; consent stands beside it.
    fn screen(&self, rule: &BasisRule) -> Result<(), Reason> {
        let call = self.class == Class::Marketing && self.facts.channel == Channel::Voice;
        match self.facts.state.list_screen {
            Screen::Listed if rule.screen || call => Err(Reason::ListScreenListed),
            Screen::Missing if rule.screen => Err(Reason::ListScreenMissing),
            _ => Ok(()),
        }
    }

    /// The sender's own condition. What the law makes us say does not wait for an invoice.
    fn sender(&self) -> Result<(), Reason> {
        let state = &self.facts.state;
        if self.class == Class::Tracking {
            return Ok(());
        }
        if self.facts.channel == Channel::Email && !state.sender_domain_verified {
            return Err(Reason::SenderDomainUnverified);
        }
        if self.class != Class::Statutory {
            match state.account {
                AccountState::Active => {}
                AccountState::Pending => return Err(Reason::AccountPending),
                AccountState::Blocked => return Err(Reason::AccountBlocked),
            }
            if state.billing == BillingState::Paused {
                return Err(Reason::BillingPaused);
            }
        }
        if state.connector_ok { Ok(()) } else { Err(Reason::ChannelUnavailable) }
    }

    /// What passes with time: hours, frequency, quota.
    fn passing(&self) -> Result<(), (Verdict, Reason, Option<Timestamp>)> {
        let state = &self.facts.state;
        if self.class == Class::Marketing {
            if self.facts.channel.is_phone() {
                self.hours()?;
            }
            if let Some(frequency) = &state.frequency
                && frequency.cap.is_some_and(|cap| frequency.sent >= cap)
            {
                let until = frequency.until.filter(|until| *until > self.now);
                return Err((Verdict::Defer, Reason::FrequencyCap, until));
            }
        }
        if matches!(self.class, Class::Marketing | Class::Service) && state.quota_left.is_some_and(|left| left <= 0) {
            return Err((Verdict::Defer, Reason::QuotaExhausted, None));
        }
        Ok(())
    }

    fn hours(&self) -> Result<(), (Verdict, Reason, Option<Timestamp>)> {
        let (facts, state) = (self.facts, &self.facts.state);
        let zones = if state.time_zones.is_empty() {
            self.pack.zones(facts.country, state.us_state)
        } else {
            &state.time_zones
        };
        if zones.is_empty() {
            return Err((Verdict::Deny, Reason::TimeZoneUnknown, None));
        }
        match self.week().opening(zones, self.now) {
            Opening::Open => Ok(()),
            Opening::At(until) => Err((Verdict::Defer, Reason::QuietHours, Some(until))),
            Opening::Never => Err((Verdict::Deny, Reason::NoCommonWindow, None)),
        }
    }

    /// The workspace's window, or the default one, within what the recipient's state allows.
    fn week(&self) -> Week {
        let facts = self.facts;
        let friday_off = self.pack.friday_off(facts.country);
        let mut week = match &facts.state.quiet {
            None if friday_off => self.pack.default_week.friday_for_sunday(),
            None => self.pack.default_week,
            Some(quiet) => own_week(quiet, &self.pack.default_week, friday_off),
        };
        if let Some(law) = self.pack.state_week(facts.country, facts.state.us_state) {
            week = week.intersect(law);
        }
        week
    }
}

/// The workspace's own hours; Sunday closed unless it opens it, Friday closed where that is the weekend.
fn own_week(quiet: &Quiet, default: &Week, friday_off: bool) -> Week {
    let (opens, closes) = default.hours();
    let (start, end) = (quiet.start.unwrap_or(opens), quiet.end.unwrap_or(closes));
    let (start, end) = if start <= end { (start, end) } else { (end, start) };
    let week = Week::daily(start, end);
    let week = if quiet.sunday.unwrap_or(friday_off) { week } else { week.closed_on_sunday() };
    if friday_off { week.closed_on_friday() } else { week }
}
