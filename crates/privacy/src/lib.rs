//! What may be done with people's data, and the proof of it.
//!
//! Every statement about a person (a consent with its double opt-in, an objection, a lawful basis,
//! a withdrawal) is an event of the hash-chained [`ledger`] and a row of the current [`claims`]. Who
//! must not be written to stands in [`suppression`] as keyed hashes. The [`gate`] turns both, with
//! the person's [`facts`] and the [`rules`] of the recipient's country, into a decision for every
//! single message: once when it is created, once when it leaves. [`provenance`] says where values
//! came from, [`notices`] what people were told, [`purposes`] what for. [`erasure`] forgets one
//! person so that no backup remembers, and [`answer`] tells one person everything.

pub mod answer;
pub mod claims;
pub mod erasure;
mod error;
pub mod facts;
pub mod gate;
pub mod ledger;
pub mod notices;
pub mod provenance;
pub mod purposes;
pub mod register;
pub mod replies;
pub mod retention;
pub mod rules;
pub mod suppression;
pub mod vocabulary;

pub use error::{Error, Result};

store::migration!("privacy", 1, "privacy", include_str!("../migrations/0001_privacy.sql"));
store::migration!("privacy", 4, "retention", include_str!("../migrations/0004_retention.sql"));
store::data_map!("privacy", include_str!("../migrations/columns.txt"));
