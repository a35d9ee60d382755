//! Conversations: chats, threads, events, routing and the inbox.

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
}
