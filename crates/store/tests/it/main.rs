//! The store on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod abandoned;
mod batches;
mod jobs;
mod statements;
mod vault;
mod wake;
