//! What members define: hours, and what can be booked.

mod check;
mod event_type;
mod hours;

pub use event_type::{
    Assignment, Definition, Location, MarketingOffer, Payment, Question, QuestionKind, Texts, TypeHost,
};
pub use hours::{Exception, Hours, Interval, LocalTime, MOST, Weekly, zone};
pub(crate) use hours::{civil_instant, civil_text};
