//! Conversations: threads of events over every channel, the inbox, routing, live chat.
//!
//! A [`conversations::Conversation`] is the durable relation of a workspace and one person over a channel. It
//! consists of threads, of which at most one is open, and of one gap-free sequence of events; every change of it
//! is one [`work::Work`], committed before anybody is told. [`hub::Hub`] tells: what is committed reaches every
//! open connection at once, and a connection that missed something reads it by its sequence number, so a lost
//! wake-up is late and nothing is lost. What people type without sending exists in memory only.
//!
//! A visitor is a subject of their own: their id is the id of a subject in the vault. Once it is known who they
//! are, the subject becomes an alias of the contact ([`people::contacts::adopt`]), so that answering and erasing
//! the contact answers and erases the conversations.
//!
//! What the change feed tells (the entity is the conversation; data holds ids and numbers only):
//!
//! | kind | data |
//! |---|---|
//! | `conversation.event` | `seq`, `thread`, `visibility`, `author` |
//! | `conversation.changed` | `version` |
//! | `conversation.seen` | `who`, `seq` |
//! | `conversation.delivery` | `seq`, `state` |
//! | `conversation.erased` | |

pub mod agents;
pub mod archive;
pub mod articles;
pub mod bots;
pub mod canned;
pub mod chat;
pub mod conversations;
pub mod countries;
pub mod encryption;
mod error;
pub mod events;
pub mod files;
pub mod groups;
pub mod hub;
pub mod index;
pub mod lines;
pub mod mailing;
mod model;
pub mod push;
pub mod reports;
pub mod routing;
pub mod samples;
mod settings;
pub mod text;
pub mod timers;
pub mod visitors;
pub mod widgets;
mod words;
pub mod work;

pub use error::{Error, Result};
pub use model::{Author, AuthorKind, ChannelCode, EndedBy, Kind, MemberRole, Routing, State, Visibility};

pub(crate) use error::raced;

store::migration!("conversations", 1, "conversations", include_str!("../migrations/0001_conversations.sql"));
store::migration!("conversations", 2, "encryption", include_str!("../migrations/0002_encryption.sql"));
store::migration!("conversations", 3, "push", include_str!("../migrations/0003_push.sql"));
store::migration!("conversations", 4, "photos", include_str!("../migrations/0004_photos.sql"));
store::migration!("conversations", 25, "lines", include_str!("../migrations/0025_lines.sql"));
store::data_map!("conversations", include_str!("../migrations/columns.txt"));
