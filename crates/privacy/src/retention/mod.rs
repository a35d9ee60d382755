//! How long everything is kept, and the end of it.
//!
//! [`CLASSES`] say how long each kind of record is kept and from which event; workspaces choose within
//! bounds ([`configure`]), [`holds`](hold) put an end off. Crates register how their rows end
//! ([`store::RetentionRule`]); when people are to be forgotten is computed from what happened to them and
//! stored ([`due`]). [`run`] ends what is due, in batches, and reports; every batch is a commit of its
//! own, so that a run can stop anywhere and the next one goes on.

mod classes;
pub mod due;
mod engine;
mod evidence;
mod holds;
mod map;
mod period;
mod report;
mod settings;
mod workspaces;

pub use classes::{Action, Bound, CLASSES, Class, named};
pub use due::{Ends, Evaluate, Evaluator, due_of};
pub use engine::{BUDGET, overdue, run};
pub use holds::{Hold, HoldKind, InForce, NewHold, find as find_hold, hold, holds, holds_of, lift};
pub use map::{DataMapTable, MapColumn, data_map, faults};
pub use period::{Period, PeriodError};
pub use report::{Line, Mode, Report, reports};
pub use settings::{Choice, Effective, Proposal, Settings, configure, decide, effective, ends_at, proposals, settings};
pub use workspaces::{Fate, look_after};
