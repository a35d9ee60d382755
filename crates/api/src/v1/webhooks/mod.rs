//! Outgoing webhooks.

mod attempts;
mod create;
mod delete;
mod events;
mod list;
mod messages;
mod read;
mod replay;
mod rotate;
mod test;
mod update;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("webhooks":
        list, create, events, read, update, delete, rotate, test, attempts, messages, replay)
}

/// A secret. It cannot be had again.
#[derive(Serialize, ToSchema)]
struct Secret {
    /// What signs the messages (Standard Webhooks).
    secret: String,
}
