//! Terms in law and contract: when a request must be answered, an incident reported, a record gone,
//! a consent renewed.
//!
//! Pure calendar work. A month ends on the same day number, or on the month's last day when it has
//! none. A request's term ends when its last local day ends. Incident clocks run in elapsed hours.
//! Every due instant is the first one after the term (half-open): in time while `now < due`.

mod explain;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use kernel::Timestamp;

pub use explain::explain_due;

use crate::vocabulary::vocabulary;
use crate::{Error, Result};

vocabulary! {
    /// Which clock runs.
    DueKind as "kind" {
        /// A data subject's request: one month (GDPR Art. 12(3)).
        Dsar = "dsar",
        /// The same, extended by two further months: three months from receipt.
        DsarExtended = "dsar_extended",
        /// An incident, to customers.
        Incident48h = "incident_48h",
        /// An incident, to users and the authority (GDPR Art. 33).
        Incident72h = "incident_72h",
        /// A record of a retention class.
        Retention = "retention",
        /// A consent or an implied consent.
        ConsentExpiry = "consent_expiry",
        /// A credit that was bought.
        CreditExpiry = "credit_expiry",
    }
}

/// A calendar period as ISO 8601 writes it (`P6M`, `P30D`, `PT48H`). Never negative.
#[derive(Debug, Clone, Copy)]
pub struct Period(Span);

impl Period {
    /// Reads a period.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the text is no ISO 8601 duration, or a negative one.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = Error::Invalid { field: "period", detail: "expected an ISO 8601 duration such as P6M" };
        let plain = text.starts_with('P') && text.len() <= 64 && !text.contains(['-', '+']);
        let span = if plain { text.parse::<Span>().ok() } else { None };
        span.filter(|span| !span.is_negative()).map(Self).ok_or(wrong)
    }

    /// So many calendar months.
    pub fn months(months: u16) -> Self {
        Self(i32::from(months).months())
    }

    /// So many days.
    pub fn days(days: u16) -> Self {
        Self(i32::from(days).days())
    }
}

/// A time zone by its IANA name.
///
/// # Errors
/// [`Error::Invalid`] when nobody knows it.
pub fn zone(name: &str) -> Result<TimeZone> {
    let wrong = Error::Invalid { field: "zone", detail: "expected a time zone such as Asia/Riyadh" };
    if name.is_empty() || name.len() > 64 {
        return Err(wrong);
    }
    TimeZone::get(name).map_err(|_| wrong)
}

/// The workspace's zone, or UTC while its name is not one that is known.
pub fn zone_or_utc(name: &str) -> TimeZone {
    zone(name).unwrap_or(TimeZone::UTC)
}

fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_jiff().to_zoned(zone.clone()).date()
}

/// The instant at which a local day is over.
fn end_of(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    next.to_zoned(zone.clone()).map_or(Timestamp(i64::MAX), |start| Timestamp::from(start.timestamp()))
}

fn end_after(received: Timestamp, zone: &TimeZone, span: Span) -> Timestamp {
    end_of(day_of(received, zone).saturating_add(span), zone)
}

/// When a request's answer is due: one month from receipt, at the end of that local day.
pub fn request_due(received: Timestamp, zone: &TimeZone) -> Timestamp {
    end_after(received, zone, 1.month())
}

/// When an extended request's answer is due: three months from receipt.
pub fn request_extended_due(received: Timestamp, zone: &TimeZone) -> Timestamp {
    end_after(received, zone, 3.months())
}

/// Until when an organisation wants a request answered: the end of the given number of days after
/// receipt, or the legal date, whichever is earlier.
pub fn internal_target(received: Timestamp, zone: &TimeZone, days: u16) -> Timestamp {
    end_after(received, zone, i32::from(days).days()).min(request_due(received, zone))
}

/// Whether a term's last local day falls on a Saturday or Sunday; remarked, never shifted.
pub fn ends_on_weekend(due: Timestamp, zone: &TimeZone) -> bool {
    use jiff::civil::Weekday;
    let last = day_of(due.plus_micros(-1), zone).weekday();
    matches!(last, Weekday::Saturday | Weekday::Sunday)
}

/// When an incident known since `from` must have been reported, after so many elapsed hours.
pub const fn incident_due(from: Timestamp, hours: i64) -> Timestamp {
    from.plus_seconds(hours * 3600)
}

/// The instant a period after `from`, counted on the calendar of a zone: the same wall clock time,
/// whatever the clocks did between. Saturates at the end of the calendar.
pub fn after(from: Timestamp, zone: &TimeZone, period: Period) -> Timestamp {
    let start = from.to_jiff().to_zoned(zone.clone());
    start.checked_add(period.0).map_or(Timestamp(i64::MAX), |end| Timestamp::from(end.timestamp()))
}

/// One answer for every clock.
///
/// # Errors
/// [`Error::Invalid`] when the clock needs a period and there is none, or leaves the calendar.
pub fn due(clock: DueKind, from: Timestamp, zone: &TimeZone, period: Option<Period>) -> Result<Timestamp> {
    let due = match clock {
        DueKind::Dsar => request_due(from, zone),
        DueKind::DsarExtended => request_extended_due(from, zone),
        DueKind::Incident48h => incident_due(from, 48),
        DueKind::Incident72h => incident_due(from, 72),
        DueKind::Retention | DueKind::ConsentExpiry | DueKind::CreditExpiry => {
            let missing = Error::Invalid { field: "period", detail: "this kind needs one, such as P6M" };
            after(from, zone, period.ok_or(missing)?)
        }
    };
    if due.0 == i64::MAX {
        return Err(Error::Invalid { field: "period", detail: "the term ends beyond the calendar" });
    }
    Ok(due)
}

#[cfg(test)]
mod tests;
