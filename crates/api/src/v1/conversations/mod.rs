//! Conversations: chats, threads, events, routing and the inbox.

mod assign;
mod ban;
mod begin;
mod close;
mod contact;
mod counts;
mod delete_event;
mod encryption;
mod erase;
mod events;
mod export;
mod lines;
mod live;
mod live_stream;
mod objection;
mod properties;
mod quote;
mod read;
mod read_file;
mod reopen;
mod say;
mod search;
mod seen;
mod send_transcript;
pub(crate) mod shapes;
mod snooze;
mod summary;
mod supervise;
mod tags;
mod take;
mod transcript;
mod transfer;
mod typing;
mod unban;
mod upload;
pub(crate) mod visits;

use axum::extract::DefaultBodyLimit;
use conversations::Author;
use kernel::UserId;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("conversations": summary, counts, live, search, export, begin, read, events, say, delete_event, assign, take, transfer,
        snooze, close, reopen, supervise, ban, unban, tags, properties, contact, objection, seen, typing, read_file,
        send_transcript, transcript, erase, quote)
    .merge(encryption::routes())
    .merge(super::chat_settings::routes())
}

/// The endpoint that takes files; their bodies are no JSON.
pub(super) fn uploads() -> Routes {
    let largest = usize::try_from(conversations::widgets::LARGEST_FILE).unwrap_or(0) + 64 * 1024;
    routes!("conversations": upload)
        .map(|router| router.layer(DefaultBodyLimit::max(largest)))
        .merge(super::chat_settings::uploads())
}

/// The member who asks; none for a key.
pub(super) fn me(caller: &Caller) -> Option<UserId> {
    caller.session().map(|session| session.user)
}

/// As whom somebody writes: as the member they are, or, with a key, as the organisation.
pub(super) fn author(caller: &Caller) -> Author {
    match me(caller) {
        Some(user) => Author::agent(user),
        None => Author { kind: conversations::AuthorKind::Agent, id: None },
    }
}
