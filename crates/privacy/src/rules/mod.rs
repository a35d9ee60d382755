//! The rules of the gate: facts in, decision out, with the decision table as versioned data.
//!
//! [`decide`] is pure and is the only place where the product decides whether a message may go.
//! The table itself is data ([`RulePack`], `packs/*.json`): rows by country, recipient and channel with
//! the bases each allows, the overlays on them, periods, windows and zones, every row with
//! its source and the day of its next review.

mod basis;
mod decide;
mod difference;
mod explain;
mod facts;
mod hours;
mod lenient;
mod pack;
#[cfg(test)]
mod published;
mod reason;
mod review;
mod state;
mod stops;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use basis::{months_after, permitted};
pub use decide::{Decision, Verdict, decide};
pub use difference::{Change, Difference, RowChange, RowChangeKind, difference};
pub use explain::{ExplainError, explain_gate};
pub use facts::{Claim, Country, Doi, Facts, Lia, Minute, Region};
pub(crate) use lenient::read_instant;
pub use pack::{PackError, Row, RulePack};
pub use reason::Reason;
pub use review::{FRESH_DAYS, ReviewWarning};
pub use state::{Approval, ApprovalCountry, Frequency, Objections, Quiet, Restriction, State, Suppression};
pub use words::{
    AccountState, ApprovalState, BillingState, Bounce, CollectedIn, DoiStatus, ImpliedKind, Relationship, Screen,
    SuppressionReason,
};
