//! What may be done with people's data, and the proof of it.
//!
//! Every statement about a person (a consent with its double opt-in, an objection, a lawful basis,
//! a withdrawal) is an event of the hash-chained [`ledger`] and a row of the current [`claims`]. Who
//! must not be written to stands in [`suppression`] as keyed hashes. The [`gate`] turns both, with
//! the person's [`facts`] and the [`rules`] of the recipient's country, into a decision for every
//! single message: once when it is created, once when it leaves. [`provenance`] says where values
//! came from, [`notices`] what people were told, [`purposes`] what for. [`erasure`] forgets one
//! person so that no backup remembers, and [`answer`] tells one person everything.
//!
//! The registers of a data protection officer: [`processors`], [`connectors`], [`activities`],
//! [`incidents`], [`authority`], [`documents`], [`controller`]; what they make the workspace say are
//! [`announcements`], and [`assurance`] checks all of it at once.

pub mod activities;
pub mod agreements;
pub mod announcements;
pub mod answer;
pub mod answers;
pub mod approvals;
pub mod art14;
pub mod assessments;
pub mod assurance;
pub mod authority;
pub mod business_activities;
pub mod claims;
pub mod clocks;
pub mod connectors;
pub mod controller;
pub mod cookies;
pub mod disclosures;
pub mod documents;
mod entry;
pub mod erasure;
mod error;
pub mod facts;
pub mod gate;
pub mod halts;
pub mod hygiene;
pub mod incidents;
pub mod ledger;
pub mod notices;
pub mod processors;
pub mod provenance;
pub mod purposes;
pub mod receipts;
pub mod register;
pub mod replies;
pub mod requests;
pub mod retention;
pub mod rules;
pub mod screening;
pub mod signal;
pub mod suppression;
pub mod triage;
pub mod vocabulary;

pub use error::{Error, Result};

store::migration!("privacy", 1, "privacy", include_str!("../migrations/0001_privacy.sql"));
store::migration!("privacy", 6, "cookies", include_str!("../migrations/0006_cookies.sql"));
store::migration!("privacy", 9, "retention_due", include_str!("../migrations/0009_retention_due.sql"));
store::migration!("privacy", 8, "outreach", include_str!("../migrations/0008_outreach.sql"));
store::migration!(
    "privacy",
    2,
    "assessments, approvals, activities, screening",
    include_str!("../migrations/0002_rules.sql")
);
store::migration!("privacy", 3, "requests", include_str!("../migrations/0003_requests.sql"));
store::migration!("privacy", 5, "registers", include_str!("../migrations/0005_registers.sql"));
store::migration!("privacy", 4, "retention", include_str!("../migrations/0004_retention.sql"));
store::data_map!("privacy", include_str!("../migrations/columns.txt"));
