//! Requests of public authorities. Nothing is handed out unless all four hold: it comes from a government
//! body, that body has jurisdiction, the instrument is compulsory, and it names categories of records and a
//! period. The export holds those categories of that period and nothing else; the people concerned are
//! told, unless and for as long as the law bars it.

mod export;
mod record;
mod subjects;

pub use export::{Export, Record, export};
pub use record::{Check, Intake, Request, Transparency, close, create, get, list, tick, transparency, update};
pub use subjects::{people, put};
