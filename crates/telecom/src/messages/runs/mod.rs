//! Messages of a campaign: many people, one wording, kept in batches.
//!
//! Whoever runs the campaign hands over what each person is to read ([`outbound::texts::Texts`]); from there on each is
//! a message like any other, with its `source`. What the workspace allows, the gate, the caps and the money decide
//! in one transaction per batch; a person has at most one message of a campaign, whatever is repeated after a crash.

mod accept;
mod carrier;
mod figures;
mod people;
mod queries;
mod quote;
mod state;

pub use figures::counts;
pub use people::{Recipient, Which, recipients};
pub use state::RunJob;
pub(super) use state::stopped;
