//! Barid's own JSON API under `/v1` and the public pages people reach from their mail.
//!
//! One endpoint is one file: its request and answer types, its documentation and its handler.
//! No SQL and no rules are here: handlers read input, call a slice and show what it answered.

mod app;
pub mod booking_jobs;
pub mod chat_jobs;
pub mod housekeeping;
pub mod own_numbers;
pub mod pages;
pub mod shell;
pub mod v1;
pub mod verify_sms;
pub mod verify_voice;

pub use app::App;
