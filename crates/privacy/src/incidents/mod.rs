//! Security incidents (GDPR Art. 33 and 34): breaches, and weaknesses that merely could expose data. Both
//! start the clocks when they are discovered. Notices are progressive: what is known now is told now, and
//! followed up. A late notice says why.

mod affected;
mod alarms;
mod clocks;
mod model;
mod notices;
mod record;

pub use affected::{affect, affected, affected_count};
pub use alarms::tick;
pub use clocks::{Clock, ClockKind, Hours, clocks};
pub use model::{Audience, Details, Kind, Risk, RiskLevel};
pub use notices::{IncidentNotice, Settle, draft, edit, get_notice, notices, send, waive};
pub use record::{Entry, Incident, close, create, get, list, note, timeline, update};
