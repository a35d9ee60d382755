//! Outbound on both databases.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod abuse;
mod notices;
mod receiver;
mod recipients;
mod webhooks;
