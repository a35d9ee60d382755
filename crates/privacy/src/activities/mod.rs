//! The record of processing activities (GDPR Art. 30), generated: purposes from the catalogue, data from the
//! register of personal tables, recipients from the registers of processors and disclosures. What is not in
//! the schema cannot be in it, and no table can be missing.

mod build;
mod show;

pub use build::{Activity, Recipient, Record, Table, record};
pub use show::{csv, html};
