//! Building messages (RFC 5322, 2045-2047, 2369, 2919, 8058): one [`Message`] in, bytes out.
//!
//! Everything is written once, straight into one output buffer. What is written is always 7-bit
//! clean, with the single exception RFC 6532 makes: the local part of an internationalised address,
//! which has no ASCII form. No value can start a header of its own: control characters never pass.

mod body;
mod header;
mod message;

pub use header::clean;
pub use message::{Automatic, Calendar, Follows, ListId, Mailbox, Message, MimeError, Unsubscribe};
