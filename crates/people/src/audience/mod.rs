//! The audience as people look at it: a selection by condition, words, topic, tag, saved segment and standing,
//! shown as a table in any of six orders. Who is in it, in which order and how many they are comes from the
//! index; only the people on the page are opened.

mod cursor;
mod selection;
mod status;
mod table;

pub use selection::{Selection, State};
pub use status::Status;
pub use table::{Query, Row, TablePage, table};
