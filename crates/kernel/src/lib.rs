//! The words every other crate speaks: identifiers, time, randomness, addresses, languages,
//! personal values that refuse to be printed, and the one table of problems.
//!
//! Nothing here does input or output. Time and randomness are traits ([`Clock`], [`Rng`]); only
//! the binary supplies the machine's own.

mod email;
mod id;
mod locale;
mod number_plan;
mod page;
mod patch;
mod phone;
mod pii;
mod problem;
mod rng;
mod text;
mod time;

pub use email::{Email, EmailError};
pub use id::*;
pub use locale::{Direction, Locale, LocaleError};
pub use number_plan::{NumberKind, NumberPlan};
pub use page::{Page, PageRequest};
pub use patch::Patch;
pub use phone::{Phone, PhoneError};
pub use pii::Pii;
pub use problem::{Code, FieldProblem, Problem};
pub use rng::Rng;
pub use text::fold;
pub use time::{Clock, Date, Timestamp, TimestampError};
