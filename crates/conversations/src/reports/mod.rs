//! Figures of conversations, from cells that are counted as things happen.

mod cells;
mod report;
mod schedule;

pub(crate) use cells::Cell;
pub use cells::What;
pub(crate) use report::usual_length;
pub use report::{Figures, Report, Wanted, report, trim};
pub use schedule::{Every, QUEUE as SCHEDULE_QUEUE, ReportJob, Schedule, next_run, schedule, set_schedule};
