//! Who is held on legitimate interest for too long: prospects who did not answer, and leads nobody
//! wrote to. The decision is pure; [`crate::erasure`] does the rest.

use kernel::{ContactId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::Result;
use crate::claims::ClaimRow;
use crate::claims::queries::CLAIMS_UNORDERED;
use crate::gate::TOUCH_TIMES;
use crate::vocabulary::ConsentState;

store::sql! {
    PROSPECTS_AFTER = "SELECT DISTINCT subject FROM claim
        WHERE workspace = $1 AND subject > $2 AND basis = 'legitimate_interest' ORDER BY subject LIMIT $3";
}

/// How long prospects are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Messages without an answer after which a prospect goes.
    pub touches: u32,
    /// Days that the last of them is left unanswered first.
    pub answer_days: u32,
    /// Days without a sign of interest since the first message, or the last sign.
    pub quiet_days: u32,
    /// Months after collection at which somebody who was never written to goes.
    pub lead_months: u32,
    /// Days after which a lead with values from an enrichment provider goes.
    pub enriched_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { touches: 3, answer_days: 7, quiet_days: 90, lead_months: 12, enriched_days: 30 }
    }
}

impl Policy {
    /// The policy when every period is within what the law and the decisions allow.
    ///
    /// # Errors
    /// The field that is out of bounds, and the bounds.
    pub fn checked(self) -> Result<Self, (&'static str, &'static str)> {
        let bounds = [
            ("touches", self.touches, 1, 10, "1 to 10 messages"),
            ("answer_days", self.answer_days, 0, 60, "0 to 60 days"),
            ("quiet_days", self.quiet_days, 1, 90, "1 to 90 days"),
            ("lead_months", self.lead_months, 1, 12, "1 to 12 months"),
            ("enriched_days", self.enriched_days, 1, 30, "1 to 30 days"),
        ];
        match bounds.into_iter().find(|(_, value, low, high, _)| value < low || value > high) {
            Some((field, .., detail)) => Err((field, detail)),
            None => Ok(self),
        }
    }
}

/// Why a prospect goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// As many messages without an answer as the policy allows.
    TouchesExhausted,
    /// No sign of interest for too long.
    NoEngagement,
    /// Collected long ago and never written to.
    LeadTooOld,
    /// Values of an enrichment provider, and no relationship since.
    EnrichedTooOld,
    /// The address does not exist.
    DeadAddress,
}

impl Why {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TouchesExhausted => "touches_exhausted",
            Self::NoEngagement => "no_engagement",
            Self::LeadTooOld => "lead_too_old",
            Self::EnrichedTooOld => "enriched_too_old",
            Self::DeadAddress => "dead_address",
        }
    }
}

/// What is known about one prospect's time with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prospect {
    /// The person.
    pub subject: ContactId,
    /// Since when a basis of any kind stands.
    pub since: Timestamp,
    /// Messages without an answer.
    pub touches: u32,
    /// The first message.
    pub first_touch: Option<Timestamp>,
    /// The last message.
    pub last_touch: Option<Timestamp>,
    /// The last sign of interest.
    pub engaged: Option<Timestamp>,
}

/// Whether a prospect has to go, and why. Periods are half-open: at their end it is over.
pub fn expired(prospect: &Prospect, policy: &Policy, now: Timestamp) -> Option<Why> {
    let after = |at: Timestamp, days: u32| at.plus_seconds(i64::from(days) * 86_400);
    let Some(first) = prospect.first_touch else {
        return (now >= months_after(prospect.since, policy.lead_months)).then_some(Why::LeadTooOld);
    };
    let last = prospect.last_touch.unwrap_or(first);
    if prospect.touches >= policy.touches && now >= after(last, policy.answer_days) {
        return Some(Why::TouchesExhausted);
    }
    let sign = prospect.engaged.map_or(first, |engaged| engaged.max(first));
    (now >= after(sign, policy.quiet_days)).then_some(Why::NoEngagement)
}

fn months_after(at: Timestamp, months: u32) -> Timestamp {
    let zone = jiff::tz::TimeZone::UTC;
    let end = zone.to_datetime(at.to_jiff()).checked_add(jiff::Span::new().months(i64::from(months.min(1200))));
    end.and_then(|end| end.to_zoned(zone)).map_or(Timestamp(i64::MAX), |end| end.timestamp().into())
}

/// People who are held on legitimate interest and on nothing else, after `after` in order of id, with the id
/// to go on from; `None` when these were the last.
///
/// # Errors
/// When the store fails.
pub async fn prospects(ctx: &Ctx, after: ContactId, limit: u32) -> Result<(Vec<Prospect>, Option<ContactId>)> {
    let rows: Vec<(ContactId,)> = ctx.db.all(PROSPECTS_AFTER, params![ctx.workspace, after, limit]).await?;
    let subjects: Vec<ContactId> = rows.into_iter().map(|row| row.0).collect();
    let next = subjects.last().copied().filter(|_| subjects.len() == limit as usize);
    Ok((held_only(ctx, &subjects).await?, next))
}

type Times = (u32, Timestamp, Option<Timestamp>, Option<Timestamp>);

/// Those of these people who have no relationship with the workspace: no basis is live, or
/// legitimate interest alone.
///
/// # Errors
/// When the store fails.
pub async fn held_only(ctx: &Ctx, subjects: &[ContactId]) -> Result<Vec<Prospect>> {
    let sets = || subjects.iter().map(|subject| params![ctx.workspace, *subject]).collect::<Vec<_>>();
    let claims: Vec<Vec<ClaimRow>> = ctx.db.many(CLAIMS_UNORDERED, sets()).await?;
    let touches: Vec<Vec<Times>> = ctx.db.many(TOUCH_TIMES, sets()).await?;
    let now = ctx.now();
    let mut out = Vec::new();
    for ((subject, claims), touch) in subjects.iter().zip(claims).zip(touches) {
        let live = |row: &&ClaimRow| {
            row.state.parse::<ConsentState>().is_ok_and(ConsentState::is_valid)
                && row.expires_at.is_none_or(|end| now < end)
        };
        if claims.iter().filter(live).any(|row| row.basis != "legitimate_interest") {
            continue;
        }
        let Some(since) = claims.iter().map(|row| row.at).min() else { continue };
        let touch = touch.into_iter().next();
        out.push(Prospect {
            subject: *subject,
            since,
            touches: touch.map_or(0, |touch| touch.0),
            first_touch: touch.map(|touch| touch.1),
            last_touch: touch.and_then(|touch| touch.3),
            engaged: touch.and_then(|touch| touch.2),
        });
    }
    Ok(out)
}

/// Whether these people have a live basis that is not legitimate interest, in their order.
///
/// # Errors
/// When the store fails.
pub async fn related(ctx: &Ctx, subjects: &[ContactId]) -> Result<Vec<bool>> {
    let sets = subjects.iter().map(|subject| params![ctx.workspace, *subject]).collect();
    let claims: Vec<Vec<ClaimRow>> = ctx.db.many(CLAIMS_UNORDERED, sets).await?;
    let now = ctx.now();
    let lives = |row: &ClaimRow| {
        row.basis != "legitimate_interest"
            && row.state.parse::<ConsentState>().is_ok_and(ConsentState::is_valid)
            && row.expires_at.is_none_or(|end| now < end)
    };
    Ok(claims.into_iter().map(|claims| claims.iter().any(lives)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn at(days: i64) -> Timestamp {
        Timestamp(0).plus_seconds(days * DAY)
    }

    fn prospect(touches: u32, first: Option<i64>, last: Option<i64>, engaged: Option<i64>) -> Prospect {
        Prospect {
            subject: ContactId([1; 16]),
            since: at(0),
            touches,
            first_touch: first.map(at),
            last_touch: last.map(at),
            engaged: engaged.map(at),
        }
    }

    #[test]
    fn the_last_message_may_be_answered_first() {
        let three = prospect(3, Some(0), Some(10), None);
        let policy = Policy::default();
        assert_eq!(expired(&three, &policy, at(17).plus_seconds(-1)), None);
        assert_eq!(expired(&three, &policy, at(17)), Some(Why::TouchesExhausted));
        assert_eq!(expired(&prospect(2, Some(0), Some(10), None), &policy, at(17)), None);
    }

    #[test]
    fn ninety_quiet_days_count_from_the_last_sign() {
        let policy = Policy::default();
        let quiet = prospect(1, Some(0), Some(0), None);
        assert_eq!(expired(&quiet, &policy, at(90).plus_seconds(-1)), None);
        assert_eq!(expired(&quiet, &policy, at(90)), Some(Why::NoEngagement));
        let clicked = prospect(0, Some(0), Some(0), Some(50));
        assert_eq!(expired(&clicked, &policy, at(139)), None);
        assert_eq!(expired(&clicked, &policy, at(140)), Some(Why::NoEngagement));
    }

    #[test]
    fn leads_nobody_wrote_to_go_after_a_year() {
        let lead = prospect(0, None, None, None);
        assert_eq!(expired(&lead, &Policy::default(), at(364)), None);
        assert_eq!(expired(&lead, &Policy::default(), at(365)), Some(Why::LeadTooOld));
    }

    #[test]
    fn periods_are_bounded() {
        assert!(Policy::default().checked().is_ok());
        assert_eq!(Policy { quiet_days: 91, ..Policy::default() }.checked().unwrap_err().0, "quiet_days");
        assert_eq!(Policy { touches: 0, ..Policy::default() }.checked().unwrap_err().0, "touches");
    }
}
