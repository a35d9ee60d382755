//! The SMS and chat-app channels: encoding, SMPP, and the apps' own interfaces.
//!
//! [`sms`] is what a text becomes on the air; [`smpp`] is the protocol that carries it to and from
//! operators and, for customers who bind to us ([`customers`]), from them. [`routes`] are the ways to
//! operators, [`senders`] what messages are from, [`settings`] what a workspace allows itself. [`chat_apps`]
//! are WhatsApp, Messenger and Telegram. [`messages`] puts them together: a message is accepted with the
//! gate's leave and its price set aside, sent with the gate's permit, and followed until a telephone has it.

pub mod chat_apps;
pub mod customers;
mod error;
pub mod messages;
pub mod routes;
pub mod senders;
pub mod settings;
pub mod smpp;
pub mod sms;

pub use error::{Error, Result};

store::data_map!("telecom", include_str!("../migrations/columns.txt"));
store::migration!("telecom", 22, "chat_apps", include_str!("../migrations/0022_chat_apps.sql"));
store::migration!("telecom", 33, "receipts", include_str!("../migrations/0033_receipts.sql"));
store::migration!("telecom", 1, "sms", include_str!("../migrations/0001_sms.sql"));
store::migration!("telecom", 2, "campaigns", include_str!("../migrations/0002_campaigns.sql"));
