//! What people answered: the queue, one message, and what a human decides about it.

mod answer;
mod end_sessions;
mod list;
mod read;
mod settle;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("replies": list, read, settle, answer, end_sessions)
}

/// A message's place in the queue.
fn shown(message: &mail::incoming::Inbox) -> Json {
    json!(message)
}
