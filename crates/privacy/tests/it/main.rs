//! The privacy engine on both databases.
#![expect(clippy::unwrap_used, reason = "a test's fixture panics when it cannot be made")]

mod answer;
mod authority;
mod claims;
mod disclosures;
mod erasure;
mod gate;
mod incidents;
mod ledger;
mod pace;
mod people;
mod processors;
mod race;
mod records;
mod registers;
mod suppression;
