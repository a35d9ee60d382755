//! Chat apps: WhatsApp (Cloud API), Messenger (Send API) and Telegram (Bot API).
//!
//! A workspace connects accounts of its own ([`channels`]). [`wire`] is what each app's interface looks like and
//! nothing else; [`take`] takes what an app's server posts, with its signature; [`Apps`] hands over what leaves, with
//! the gate's permit, in order for each person. What people write and what becomes of answers reaches conversations
//! through [`line::AppLine`] and the change feed (`chat_message.*`).

pub mod channels;
mod client;
mod incoming;
mod keep;
pub mod line;
mod model;
mod personal;
mod persons;
mod queries;
mod send;
mod states;
pub mod wire;

pub use client::Apps;
pub use incoming::{Posted, challenge, take};
pub use model::{App, MessageState, MessageView};
pub use send::{QUEUE, SendChats, recover};
pub use states::find;

/// The apps' servers, which carry the messages: each is a controller of its own.
pub const CONNECTOR: &str = "telecom.chat_apps";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Controller,
    carries: &["telephone numbers", "account ids", "message content", "files"],
    foreign: true,
});
