//! The store on both engines.

mod batches;
mod jobs;
mod statements;
mod vault;
