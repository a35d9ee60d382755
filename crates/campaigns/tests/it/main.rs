//! Campaigns from import to report, on both engines, over a channel that records what it is given.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cancelling;
mod followed;
mod house;
mod lifecycle;
mod prospecting;
mod sending;
mod sequences;
mod statements;
mod withdrawal;
