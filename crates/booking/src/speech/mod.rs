//! How appointments are spoken of, on pages and in mail: times in a named zone with the hours that are usual there
//! and the part of their day, dates with their day of the week and in the Hijri calendar, Arabic and English alike.

pub mod clock;
pub mod customs;
mod hijri;
mod words;

pub use clock::{Clock, Part};
pub use customs::Cycle;
pub use words::{Language, Words};
