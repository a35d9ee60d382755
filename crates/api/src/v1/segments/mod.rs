//! Segments: people found by what is known about them.

mod count;
mod create;
mod delete;
mod list;
mod read;
mod restore;
mod sample;
mod update;
mod uses;
mod vocabulary;
mod words;

use people::segments::Where;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("segments": list, create, count, sample, vocabulary, read, update, delete, restore, uses)
}

/// Reads a condition as callers write it.
fn condition(json: &Json) -> Result<Where> {
    Ok(Where::from_json(json)?)
}
