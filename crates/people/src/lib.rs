//! People: contacts with sealed profiles, tags, topics, custom fields, events, imports, exports,
//! sign-up forms and segments.
//!
//! The commands: [`subscribe::subscribe`], [`subscribe::confirm`] and [`subscribe::unsubscribe`]
//! change what people get and state the evidence for it; [`contacts`] changes what is known about
//! them; [`import`] does both for whole files; [`segments`] finds them again.

pub mod contacts;
mod error;
pub mod events;
pub mod export;
pub mod fields;
pub mod forms;
pub mod import;
pub mod segments;
pub mod subscribe;
pub mod tags;
pub mod topics;

pub use error::{Error, Result};

store::migration!("people", 1, "people", include_str!("../migrations/0001_people.sql"));
