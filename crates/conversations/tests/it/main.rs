//! Conversations from the first word to erasure, on both engines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bots;
mod encryption;
mod erasing;
mod files;
mod house;
mod hpke;
mod hub;
mod lines;
mod log;
mod mail;
mod reports;
mod routing;
mod search;
mod statements;
mod timers;
mod tracking;
