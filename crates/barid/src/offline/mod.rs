//! The commands that need no server: verifying an export, migrating, looking for what is wrong.

mod doctor;
mod erasure;
mod ledger;
mod migrate;

pub use doctor::doctor;
pub use erasure::verify_certificate;
pub use ledger::verify_ledger;
pub use migrate::migrate;
