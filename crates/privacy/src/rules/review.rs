//! Whether the rules are still to be trusted: law changes, and a pack is only as good as its last review.

use jiff::tz::TimeZone;
use kernel::{Date, Timestamp};
use serde::Serialize;

use super::pack::RulePack;

/// After so many days a pack as a whole is stale.
pub const FRESH_DAYS: i64 = 180;

/// Why the rules want a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ReviewWarning {
    /// The pack is older than [`FRESH_DAYS`].
    PackStale {
        /// Its version.
        version: String,
        /// How many whole days ago it was released.
        days: i64,
    },
    /// A row was to be reviewed by a day that has passed.
    RowDue {
        /// The row's id.
        row: String,
        /// The countries it speaks about.
        countries: Vec<String>,
        /// The day.
        review: Date,
    },
}

impl RulePack {
    /// What wants a look at this instant; nothing when the rules are fresh.
    pub fn stale(&self, now: Timestamp) -> Vec<ReviewWarning> {
        let mut warnings = Vec::new();
        let days = (now.as_seconds() - self.released().as_seconds()).div_euclid(86_400);
        if days > FRESH_DAYS {
            warnings.push(ReviewWarning::PackStale { version: self.version().to_owned(), days });
        }
        let today = TimeZone::UTC.to_datetime(now.to_jiff()).date();
        for row in self.rows().iter().filter(|row| row.review < today) {
            warnings.push(ReviewWarning::RowDue {
                row: row.id.clone(),
                countries: row.countries.clone(),
                review: row.review,
            });
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_fresh_for_180_days_and_a_row_until_its_review() {
        let pack = RulePack::current();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(pack.stale(pack.released()), []);
        assert_eq!(pack.stale(at("2027-02-17T23:59:59Z")), [], "on the day itself there is still time");
        let due = pack.stale(at("2027-02-18T00:00:00Z"));
        let early = pack.rows().iter().filter(|row| row.review == Date::constant(2027, 2, 17)).count();
        assert_eq!(due.len(), early);
        assert!(matches!(&due[0], ReviewWarning::RowDue { row, .. } if row == "4"), "{due:?}");
        let released = pack.released();
        let old = |warnings: &[ReviewWarning]| {
            warnings.iter().any(|warning| matches!(warning, ReviewWarning::PackStale { .. }))
        };
        assert!(!old(&pack.stale(released.plus_seconds(181 * 86_400 - 1))));
        assert!(old(&pack.stale(released.plus_seconds(181 * 86_400))));
        assert!(old(&RulePack::of_version("2026-01").unwrap().stale(released)));
    }
}
