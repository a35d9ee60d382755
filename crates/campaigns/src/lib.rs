//! Campaigns: one content to everybody in a topic (or a segment of it), through the gate.
//!
//! A campaign is a draft until it is sent; then its content is frozen as a version, a run of
//! [`outbound`] is opened, and a job asks the gate for each person and inserts the deliveries. What
//! each state allows stands in [`State`]; the numbers are in [`report`].

mod audience;
mod bin;
pub mod checklist;
mod duplicate;
mod error;
pub mod followed;
mod jobs;
mod lifecycle;
pub mod list;
mod model;
mod preflight;
pub mod prospecting;
mod queries;
mod report;
pub mod samples;
pub mod sequences;
mod sources;
mod test_send;
pub mod texts;
mod uses;
mod writing;

pub use bin::{BIN, delete, ends_at, restore};
pub use duplicate::duplicate;
pub use error::{Error, Result};
pub use jobs::{FinishJob, MaterialiseJob, StartJob};
pub use lifecycle::{cancel, create, get, pause, resume, schedule, send, unschedule, update};
pub use list::{Wanted, heads, list};
pub use model::{Campaign, CampaignDraft, State};
pub use preflight::{Preflight, preflight};
pub use prospecting::Prospecting;
pub use report::{Note, OfTexts, Report, Step, report};
pub use sources::{SourceName, names_of};
pub use test_send::test;
pub use uses::{SegmentUse, uses_of};

store::data_map!("campaigns", include_str!("../migrations/columns.txt"));
store::migration!("campaigns", 1, "campaigns", include_str!("../migrations/0001_campaigns.sql"));
store::migration!("campaigns", 12, "bin", include_str!("../migrations/0012_bin.sql"));
store::migration!("campaigns", 13, "halted", include_str!("../migrations/0013_halted.sql"));
store::migration!("campaigns", 2, "outreach", include_str!("../migrations/0002_outreach.sql"));
