//! The privacy engine on both databases.
#![expect(clippy::unwrap_used, reason = "a test's fixture panics when it cannot be made")]

mod agreements;
mod answer;
mod answers;
mod approvals;
mod assessments;
mod authority;
mod bases;
mod claims;
mod decision_table;
mod disclosures;
mod erasure;
mod gate;
mod incidents;
mod ledger;
mod pace;
mod people;
mod processors;
mod race;
mod receipts;
mod records;
mod registers;
mod replies;
mod screening;
mod suppression;
mod waiting;
