//! The privacy engine on both databases.
#![expect(clippy::unwrap_used, reason = "a test's fixture panics when it cannot be made")]

mod answer;
mod answers;
mod approvals;
mod assessments;
mod bases;
mod claims;
mod decision_table;
mod erasure;
mod gate;
mod ledger;
mod pace;
mod people;
mod race;
mod records;
mod replies;
mod screening;
mod suppression;
mod waiting;
