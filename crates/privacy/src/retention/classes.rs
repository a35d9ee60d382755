//! The retention classes: how long each kind of record is kept, from which event, why, and within
//! which bounds a workspace may decide otherwise. Sources: docs/reference/retention.md.

use serde::Serialize;
use store::DataCategory;

use super::period::Period;

/// What happens at the end of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The rows are deleted.
    Erase,
    /// Counters without people stay, the rows are deleted.
    Anonymise,
    /// The payload and its key are destroyed; the frame around it stays, so that chains still verify.
    Shred,
    /// A keyed hash stays.
    Hash,
}

/// One class.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// Whose data.
    pub category: DataCategory,
    /// The event from which the period runs.
    pub trigger: &'static str,
    /// For how long.
    pub period: Period,
    /// What happens then.
    pub action: Action,
    /// Why they are kept so long (GDPR Art. 6(1) and 5(1)(e), or another law).
    pub basis: &'static str,
    /// The least; below it, two persons must agree.
    pub min: Period,
    /// The most.
    pub max: Period,
    /// Whether it concerns people at all.
    pub personal: bool,
}

const fn years(years: u16) -> Period {
    Period::months(12 * years)
}

const NONE: Period = Period::days(0);

struct Terms {
    category: DataCategory,
    period: Period,
    min: Period,
    max: Period,
    action: Action,
}

const fn class(name: &'static str, trigger: &'static str, basis: &'static str, terms: Terms) -> Class {
    let Terms { category, period, min, max, action } = terms;
    let personal = !matches!(category, DataCategory::Organisation);
    Class { name, category, trigger, period, action, basis, min, max, personal }
}

const fn of(category: DataCategory, period: Period, bounds: (Period, Period), action: Action) -> Terms {
    Terms { category, period, min: bounds.0, max: bounds.1, action }
}

use Action::{Anonymise, Erase, Hash, Shred};
use DataCategory::{Account, EndUser, Organisation, Visitor};

/// Every class, by name.
pub const CLASSES: &[Class] = &[
    class(
        "abuse",
        "event",
        "legitimate interest: stopping abuse",
        of(EndUser, Period::months(6), (NONE, Period::months(6)), Erase),
    ),
    class(
        "account",
        "account.closed",
        "contract: the life of the account",
        of(Account, Period::days(30), (NONE, Period::months(12)), Erase),
    ),
    class(
        "account.inactive",
        "account.last_active",
        "contract: accounts that nobody uses are closed",
        of(Account, Period::months(24), (Period::months(12), Period::months(60)), Erase),
    ),
    class(
        "account.member",
        "account.closed",
        "contract: the life of the account",
        of(Account, NONE, (NONE, Period::months(12)), Erase),
    ),
    class(
        "audit",
        "event",
        "legitimate interest and GDPR Art. 5(2): who did what",
        of(Account, Period::months(24), (Period::months(6), years(10)), Erase),
    ),
    class(
        "booking",
        "booking.ended",
        "contract: the appointment",
        of(EndUser, Period::days(365), (NONE, years(10)), Erase),
    ),
    class(
        "comms.content",
        "message.created",
        "contract: showing what was sent",
        of(EndUser, Period::months(6), (NONE, Period::months(24)), Erase),
    ),
    class(
        "comms.recording",
        "message.created",
        "consent after an announcement: what was said in a call",
        of(EndUser, Period::days(30), (NONE, Period::months(6)), Erase),
    ),
    class(
        "comms.traffic",
        "message.created",
        "contract: what was sent and what became of it",
        of(EndUser, Period::months(6), (NONE, Period::months(24)), Anonymise),
    ),
    class(
        "consent.evidence",
        "consent.ended",
        "GDPR Art. 7(1), 17(3)(e): proof of consent and objection",
        of(EndUser, years(5), (years(5), years(10)), Shred),
    ),
    class(
        "cookie.proof",
        "choice.made",
        "GDPR Art. 7(1): proof of the choice",
        of(Visitor, years(5), (Period::months(12), years(10)), Erase),
    ),
    class(
        "disclosure",
        "disclosure.made",
        "GDPR Art. 15(1)(c), 19: who received what",
        of(EndUser, years(5), (years(3), years(10)), Erase),
    ),
    class(
        "evidence",
        "event",
        "GDPR Art. 5(2), 17(3)(e): proof, in frames that name nobody",
        of(EndUser, years(5), (years(5), years(10)), Shred),
    ),
    class(
        "incident",
        "incident.closed",
        "GDPR Art. 33(5): documentation of breaches",
        of(EndUser, years(5), (years(3), years(10)), Erase),
    ),
    class(
        "marketing.contact",
        "relationship.ended",
        "consent or contract, as long as it lasts",
        of(EndUser, Period::days(30), (NONE, Period::months(12)), Erase),
    ),
    class(
        "marketing.engagement",
        "event",
        "consent: what interests a person",
        of(EndUser, Period::months(12), (NONE, Period::months(24)), Anonymise),
    ),
    class(
        "marketing.lead",
        "data.collected",
        "legitimate interest: prospects without a relationship",
        of(EndUser, Period::months(12), (NONE, Period::months(12)), Erase),
    ),
    class(
        "marketing.lead_enriched",
        "data.collected",
        "legitimate interest: what was found about prospects elsewhere",
        of(EndUser, Period::days(30), (NONE, Period::days(90)), Erase),
    ),
    class(
        "ops.requests",
        "request",
        "legitimate interest: operating and securing the service",
        of(Account, Period::months(6), (NONE, Period::months(6)), Erase),
    ),
    class(
        "ops.requests.address",
        "request",
        "legitimate interest: the network address is cut short",
        of(Account, Period::days(30), (NONE, Period::days(30)), Anonymise),
    ),
    class(
        "request.content",
        "request.closed",
        "GDPR Art. 12(3): answering the request",
        of(EndUser, NONE, (NONE, Period::months(6)), Erase),
    ),
    class(
        "request.intake",
        "request.received",
        "GDPR Art. 12(3): finding out whose request it is",
        of(EndUser, Period::days(7), (Period::days(1), Period::days(7)), Erase),
    ),
    class(
        "request.shell",
        "request.closed",
        "GDPR Art. 5(2), 17(3)(e): proof that the request was fulfilled",
        of(EndUser, years(5), (years(5), years(10)), Erase),
    ),
    class(
        "suppression",
        "workspace.closed",
        "GDPR Art. 21(3): a refusal holds as long as the workspace could write",
        of(EndUser, NONE, (NONE, NONE), Hash),
    ),
    class(
        "tax",
        "year.ended",
        "legal obligation: fiscal records",
        of(Account, years(10), (years(6), years(10)), Erase),
    ),
    class(
        "technical.day",
        "request",
        "contract: a request sent twice acts once",
        of(EndUser, Period::days(1), (Period::days(1), Period::days(1)), Erase),
    ),
    class(
        "technical.feed",
        "event",
        "contract: programs that follow what happens",
        of(EndUser, Period::days(14), (Period::days(14), Period::days(30)), Erase),
    ),
    class(
        "workspace.bin",
        "thing.deleted",
        "contract: a deletion by mistake can be undone",
        of(Organisation, Period::days(30), (NONE, Period::days(90)), Erase),
    ),
    class(
        "workspace.keys",
        "workspace.closed",
        "contract: the workspace's own keys",
        of(Organisation, NONE, (NONE, NONE), Shred),
    ),
    class(
        "workspace.segments",
        "workspace.closed",
        "contract: conditions written by members",
        of(Organisation, NONE, (NONE, NONE), Erase),
    ),
    class(
        "workspace.sources",
        "source.unused",
        "GDPR Art. 14(2)(f): where data came from, as long as there are data",
        of(EndUser, NONE, (NONE, Period::months(6)), Erase),
    ),
    class(
        "workspace.staged",
        "upload.ended",
        "contract: the file of an import",
        of(EndUser, Period::days(7), (NONE, Period::days(7)), Shred),
    ),
];

/// The class of this name.
pub fn named(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.name == name)
}

/// Why a period is refused, or that it needs a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Within the bounds.
    Fine,
    /// Shorter than law wants it: two persons must agree.
    NeedsTwo,
    /// Longer than allowed.
    TooLong,
}

impl Class {
    /// Whether a workspace may choose this period.
    pub fn bound(&self, period: Period) -> Bound {
        if period > self.max {
            Bound::TooLong
        } else if period < self.min {
            Bound::NeedsTwo
        } else {
            Bound::Fine
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_periods_of_the_sources_stand_within_their_bounds() {
        for class in CLASSES {
            assert_eq!(class.bound(class.period), Bound::Fine, "{}", class.name);
        }
        let period = |name: &str| named(name).unwrap().period.to_string();
        assert_eq!(period("comms.traffic"), "P6M");
        assert_eq!(period("marketing.lead"), "P1Y");
        assert_eq!(period("marketing.lead_enriched"), "P30D");
        assert_eq!(period("consent.evidence"), "P5Y");
        assert_eq!(period("request.shell"), "P5Y");
        assert_eq!(period("tax"), "P10Y");
        assert_eq!(period("booking"), "P365D");
        assert_eq!(named("comms.traffic").unwrap().bound(Period::months(25)), Bound::TooLong);
        assert_eq!(named("comms.traffic").unwrap().bound(Period::months(24)), Bound::Fine);
        assert_eq!(named("tax").unwrap().bound(Period::months(12)), Bound::NeedsTwo);
    }

    #[test]
    fn names_are_in_order_and_unique() {
        assert!(CLASSES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn the_reference_says_what_counts() {
        let page = include_str!("../../../../docs/reference/retention.md");
        for class in CLASSES {
            let line = format!(
                "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
                class.name,
                serde_json::to_value(class.category).unwrap().as_str().unwrap(),
                class.trigger,
                class.period,
                class.min,
                class.max,
                serde_json::to_value(class.action).unwrap().as_str().unwrap(),
                class.basis
            );
            assert!(page.contains(&line), "docs/reference/retention.md lacks: {line}");
        }
        assert_eq!(page.matches("\n| `").count(), CLASSES.len());
    }
}
