//! From stored state to the facts of [`crate::rules::decide`], and from its decision to an answer.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use kernel::{EventId, Timestamp, TopicId, WorkspaceId};
use store::SubjectKeys;

use super::ask::Ask;
use super::rows::{Prepared, Rows, SuppressionRow, TouchRow};
use super::settings::{FrequencyCap, Settings};
use super::verdict::{Denial, Grant};
use crate::assessments::Recorded;
use crate::claims::{ClaimRow, NO_TOPIC, SEALED_COLUMN};
use crate::facts::SubjectFacts;
use crate::rules::{
    self, Country, Decision, Doi, DoiStatus, Facts, Frequency, Region, Restriction, RulePack, Screen, State,
    SuppressionReason, Verdict, decide,
};
use crate::suppression::Reason;
use crate::vocabulary::{BasisKind, Purpose, Scope};
use crate::{Error, Result};

/// A deferral whose end is not known is asked about again after this many seconds.
const ASK_AGAIN: i64 = 3600;

/// Answers all asks from the rows read for them.
pub(super) fn judge(
    asked: &Prepared,
    rows: Rows,
    pack: &RulePack,
    now: Timestamp,
) -> Result<Vec<Result<Grant, Denial>>> {
    let base = State { approvals: rows.approvals, ..rows.settings.base()? };
    let mut answers = Vec::with_capacity(asked.asks.len());
    let (mut facts, mut claims, mut suppressions) =
        (rows.facts.into_iter(), rows.claims.into_iter(), rows.suppressions.into_iter());
    for (index, (ask, keys)) in asked.asks.iter().zip(&asked.keys).enumerate() {
        let person = Person {
            workspace: asked.workspace,
            ask,
            keys,
            facts: facts.next().and_then(|rows| rows.into_iter().next()).map(|row| row.0),
            claims: claims.next().unwrap_or_default(),
            suppressions: suppressions.next().unwrap_or_default(),
            touch: rows.touches.get(index).and_then(|rows| rows.first()),
            assessments: &rows.assessments,
            settings: &rows.settings,
            screen: asked.screens.get(index).copied().flatten(),
            frequency: rows.settings.frequency.map(|cap| used(cap, rows.sent.get(index), now)),
        };
        answers.push(if rows.retired.contains(ask.purpose.as_str()) {
            Err(denied(rules::Reason::PurposeUnknown, pack))
        } else {
            // One damaged record stops one person's message, not everybody's.
            person.answer(base.clone(), pack, now).unwrap_or_else(|error| {
                tracing::warn!(%error, subject = %ask.subject, "the gate cannot read a record and denies");
                Err(denied(rules::Reason::EvidenceMissing, pack))
            })
        });
    }
    Ok(answers)
}

fn denied(reason: rules::Reason, pack: &RulePack) -> Denial {
    let (reason, rule, pack) = (reason.as_str().to_owned(), "default".to_owned(), pack.version().to_owned());
    Denial { reason, rule, pack, until: None }
}

fn used(cap: FrequencyCap, sent: Option<&Vec<(i32, u32)>>, now: Timestamp) -> Frequency {
    let days = sent.map_or(&[][..], Vec::as_slice);
    let first = days.first().map_or_else(|| now.day(), |(day, _)| *day);
    Frequency {
        cap: Some(cap.cap),
        sent: days.iter().fold(0u32, |sum, (_, sent)| sum.saturating_add(*sent)),
        until: Some(Timestamp((i64::from(first) + i64::from(cap.days)).saturating_mul(Timestamp::DAY))),
    }
}

struct Person<'a> {
    workspace: WorkspaceId,
    ask: &'a Ask,
    keys: &'a SubjectKeys,
    facts: Option<Vec<u8>>,
    claims: Vec<ClaimRow>,
    suppressions: Vec<SuppressionRow>,
    touch: Option<&'a TouchRow>,
    assessments: &'a Recorded,
    settings: &'a Settings,
    screen: Option<Screen>,
    frequency: Option<Frequency>,
}

/// A claim as decisions read it, and the event that states it.
struct Stated {
    claim: rules::Claim,
    event: EventId,
}

impl Person<'_> {
    fn answer(self, base: State, pack: &RulePack, now: Timestamp) -> Result<Result<Grant, Denial>> {
        let counted = self.frequency.is_some() && self.ask.purpose == Purpose::MARKETING;
        let stated = self.stated()?;
        let events: Vec<(BasisKind, EventId)> =
            stated.iter().filter(|one| valid(&one.claim, now)).map(|one| (one.claim.kind, one.event)).collect();
        let facts = self.into_facts(base, stated, counted)?;
        Ok(into_answer(&decide(&facts, pack, now), &events, counted, now))
    }

    /// The claims that speak about this message: those of its topic and those of no topic.
    fn stated(&self) -> Result<Vec<Stated>> {
        let topic = self.ask.topic.unwrap_or(NO_TOPIC);
        let speaks = |row: &&ClaimRow| row.topic == NO_TOPIC || row.topic == topic;
        self.claims.iter().filter(speaks).map(|row| self.claim(row)).collect()
    }

    fn claim(&self, row: &ClaimRow) -> Result<Stated> {
        let corrupt = || Error::Corrupt("claim");
        let mut claim = if let (Some(sealed), Ok(key)) = (&row.sealed, self.keys.data()) {
            let aad = store::Aad { workspace: self.workspace, subject: self.ask.subject, column: SEALED_COLUMN };
            let terms = key.open(&aad, sealed)?;
            let mut claim = terms_claim(&terms, &row.basis).ok_or_else(corrupt)?;
            if claim.lia.is_some() {
                // What the claim says about its assessment is the past; the record decides.
                claim.lia = Some(self.assessments.cited(&cited_assessment(&terms).ok_or_else(corrupt)?));
            }
            claim
        } else {
            let kind = row.basis.parse().map_err(|_| corrupt())?;
            rules::Claim { evidence: true, ..rules::Claim::new(kind) }
        };
        claim.purpose = Some(Purpose::new(&row.purpose).map_err(|_| corrupt())?);
        claim.channels = Some(vec![row.channel.parse().map_err(|_| corrupt())?]);
        claim.state = Some(row.state.parse().map_err(|_| corrupt())?);
        claim.at = Some(row.at);
        claim.expires_at = row.expires_at;
        claim.doi = row.confirmed_at.map(|at| Doi { status: DoiStatus::Confirmed, at: Some(at) });
        if claim.kind == BasisKind::LegitimateInterest
            && let Some((touches, first, engaged)) = self.touch
        {
            claim.touches = claim.touches.max(*touches);
            claim.first_touch_at = claim.first_touch_at.or(Some(*first));
            claim.last_engagement_at = claim.last_engagement_at.max(*engaged);
        }
        Ok(Stated { claim, event: row.event })
    }

    /// An entry on a list in force, or what was noted about the person: a listing stands either way.
    fn screened(&self, noted: Option<&str>) -> Screen {
        match (self.screen, noted.and_then(Screen::read)) {
            (Some(Screen::Listed), _) | (_, Some(Screen::Listed)) => Screen::Listed,
            (Some(screen), _) => screen,
            (None, noted) => noted.unwrap_or(Screen::Missing),
        }
    }

    fn into_facts(self, base: State, stated: Vec<Stated>, counted: bool) -> Result<Facts> {
        let ask = self.ask;
        let erased = self.keys.data().is_err();
        let person = match (&self.facts, erased) {
            (Some(sealed), false) => crate::facts::open(self.workspace, ask.subject, self.keys, sealed)?,
            _ => SubjectFacts::default(),
        };
        let country = person.country.as_deref().and_then(Country::read);
        let asked = asked_at(ask, &stated);
        let suppressions =
            self.suppressions.iter().map(|row| suppression(row, ask, asked)).collect::<Result<Vec<_>>>()?;
        let mut state = State {
            suppressions: suppressions.into_iter().flatten().collect(),
            erased,
            birth_date: person.birth_date,
            archived: person.archived,
            special_category: person.special_category,
            sender_domain_verified: ask.sender_verified,
            missing_elements: ask.content.missing.iter().map(|code| Cow::Borrowed(*code)).collect(),
            promotional_content: ask.content.promotional,
            us_state: person.us_state.as_deref().and_then(Region::read),
            list_screen: self.screened(person.list_screen.as_deref()),
            connector_ok: base.connector_ok && self.settings.reaches(ask.channel, country),
            frequency: self.frequency.filter(|_| counted),
            ..base
        };
        state.restricted = match (person.restricted, person.restricted_since) {
            (false, _) => Restriction::None,
            (true, None) => Restriction::Undated,
            (true, Some(since)) => Restriction::Since(since),
        };
        if !person.phone_purposes.is_empty() {
            state.phone_purposes =
                Some(person.phone_purposes.iter().filter_map(|code| Purpose::new(code).ok()).collect());
        }
        if ask.channel.is_phone() || person.birth_date.is_some() {
            state.time_zones = person.time_zones.iter().filter_map(|zone| TimeZone::get(zone).ok()).collect();
        }
        Ok(Facts {
            country,
            recipient_type: person.recipient_type.unwrap_or(crate::vocabulary::RecipientType::Individual),
            channel: ask.channel,
            purpose: ask.purpose.clone(),
            topic: ask.topic.map(|topic: TopicId| Cow::Owned(topic.to_string())),
            basis: stated.into_iter().map(|one| one.claim).collect(),
            state,
        })
    }
}

/// The stored terms with the basis they belong to, as one object.
fn terms_claim(terms: &[u8], basis: &str) -> Option<rules::Claim> {
    let rest = terms.strip_prefix(b"{")?;
    let mut text = Vec::with_capacity(terms.len() + 48);
    text.extend_from_slice(b"{\"type\":\"");
    text.extend_from_slice(basis.as_bytes());
    text.push(b'"');
    if !rest.starts_with(b"}") {
        text.push(b',');
    }
    text.extend_from_slice(rest);
    let mut claim: rules::Claim = serde_json::from_slice(&text).ok()?;
    // What was stated is in the ledger; only a statement without anything says otherwise.
    claim.evidence |= !terms.windows(10).any(|window| window == b"\"evidence\"");
    Some(claim)
}

/// The assessment that terms cite; empty when they cite one without an id.
fn cited_assessment(terms: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Terms {
        lia: Cited,
    }
    #[derive(serde::Deserialize)]
    struct Cited {
        #[serde(default)]
        id: serde_json::Value,
    }
    let terms: Terms = serde_json::from_slice(terms).ok()?;
    Some(terms.lia.id.as_str().unwrap_or_default().to_owned())
}

/// Whether terms can be read by decisions; checked before they are stored.
pub(crate) fn readable(terms: &serde_json::Value, basis: BasisKind) -> bool {
    serde_json::to_vec(terms).is_ok_and(|bytes| terms_claim(&bytes, basis.as_str()).is_some())
}

/// When the person last asked for something themself, for a service message. Somebody who was erased
/// and comes back must be able to get the mail that confirms it.
fn asked_at(ask: &Ask, stated: &[Stated]) -> Option<Timestamp> {
    let asks = |one: &&Stated| {
        one.claim.kind == BasisKind::SubjectRequest
            && one.claim.state.is_some_and(crate::vocabulary::ConsentState::is_valid)
    };
    let service = ask.purpose == Purpose::SERVICE && !ask.content.promotional;
    stated.iter().filter(asks).filter_map(|one| one.claim.at).max().filter(|_| service)
}

fn suppression(
    (hash, scope, reason, at): &SuppressionRow,
    ask: &Ask,
    asked: Option<Timestamp>,
) -> Result<Option<rules::Suppression>> {
    let found = crate::suppression::read(scope, reason, *at)?;
    let domain_only = *hash == ask.domain && ask.domain != ask.address;
    if domain_only && found.scope != Scope::Domain {
        return Ok(None);
    }
    if found.reason == Reason::Erased && asked.is_some_and(|asked| asked > found.at) {
        return Ok(None);
    }
    let reason = match (found.reason, &found.scope) {
        // An objection to one other purpose, such as profiling, is no objection to marketing.
        (Reason::Objection, Scope::Purpose(purpose)) if *purpose != Purpose::MARKETING => SuppressionReason::OptOut,
        (reason, _) => SuppressionReason::read(reason.as_str()).unwrap_or(SuppressionReason::Other),
    };
    Ok(Some(rules::Suppression { at: Some(found.at), ..rules::Suppression::new(found.scope, reason) }))
}

fn valid(claim: &rules::Claim, now: Timestamp) -> bool {
    claim.state.is_some_and(crate::vocabulary::ConsentState::is_valid) && claim.expires_at.is_none_or(|end| now < end)
}

fn into_answer(
    decision: &Decision<'_>,
    events: &[(BasisKind, EventId)],
    counted: bool,
    now: Timestamp,
) -> Result<Grant, Denial> {
    let (rule, pack) = (decision.rule.to_owned(), decision.pack.to_owned());
    let reason = decision.reason.as_str().to_owned();
    match decision.decision {
        Verdict::Permit => {
            let basis: Option<BasisKind> = reason.parse().ok();
            let event = events.iter().rev().find(|(kind, _)| Some(*kind) == basis).map(|(_, event)| *event);
            Ok(Grant { reason, rule, pack, basis, event, until: None, counted })
        }
        Verdict::Defer => {
            Err(Denial { reason, rule, pack, until: Some(decision.until.unwrap_or(now.plus_seconds(ASK_AGAIN))) })
        }
        Verdict::Deny => Err(Denial { reason, rule, pack, until: None }),
    }
}
