//! The routers over a fixture, in process.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod pages;
mod retention;
mod retention_booking;
mod retention_calls;
mod retention_conversations;
mod retention_messaging;
mod retention_tables;
mod v1;
