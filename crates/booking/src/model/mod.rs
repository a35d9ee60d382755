//! What members define: hours, and what can be booked.

mod check;
mod event_type;
mod hours;
mod question;

pub(crate) use check::is_web_address;
pub use event_type::{Assignment, CalendarCopies, Definition, Location, MarketingOffer, Payment, Texts, TypeHost};
pub use hours::{Exception, Hours, Interval, LocalTime, MOST, Weekly, zone};
pub(crate) use hours::{civil_instant, civil_text};
pub use question::{Question, QuestionKind};
