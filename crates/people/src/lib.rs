//! People: contacts with sealed profiles, tags, topics, custom fields, events, imports, exports,
//! sign-up forms and segments.
//!
//! The commands: [`subscribe::subscribe`], [`subscribe::confirm`] and [`subscribe::unsubscribe`]
//! change what people get and state the evidence for it; [`contacts`] changes what is known about
//! them; [`import`] does both for whole files; [`segments`] finds them again.
//!
//! What the change feed tells (the entity first; data holds ids, counters and instants only):
//!
//! | kind | entity | data |
//! |---|---|---|
//! | `contact.created`, `contact.updated`, `contact.archived`, `contact.restored` | contact | |
//! | `contact.merged` | contact that stays | `from` |
//! | `contacts.imported` | import | `topic`, `contacts` |
//! | `contact.tagged`, `contact.untagged` | tag | `tag`, `contacts` |
//! | `topic.requested`, `topic.joined` | contact | `topic` |
//! | `topic.left` | contact | `topic`; null means every topic |
//! | `topic.created`, `topic.updated` | topic | |
//! | `tag.updated`, `tag.deleted` | tag | |
//! | `field.created`, `field.deleted` | workspace | |
//! | `field.cleared` | workspace | |
//! | `hygiene.run` | run | `erased`, `dry_run` |
//! | `form.created`, `form.updated` | form | `topic` |
//! | `tag.merged` | tag that stays | `from` |
//! | `bulk.started`, `bulk.moved`, `bulk.ended` | job | `action`, `state`, `total`, `done` |
//! | `import.started`, `import.ended` | import | `bytes`; `state`, `added`, `updated`, `rejected` |

pub mod audience;
pub mod bulk;
pub mod contacts;
mod error;
pub mod events;
pub mod export;
pub mod fields;
pub mod forms;
pub mod hygiene;
pub mod import;
mod read_for;
pub mod reads;
pub mod requests;
pub mod retention;
pub mod segments;
pub mod subscribe;
pub mod tags;
pub mod topics;
pub mod unused;

pub use error::{Error, Result};
pub use read_for::{ReadFor, Reads, since as reads_since, write_down as write_reads_down};

store::migration!("people", 1, "people", include_str!("../migrations/0001_people.sql"));
store::migration!("people", 3, "outreach", include_str!("../migrations/0003_outreach.sql"));
store::migration!("people", 11, "read_for", include_str!("../migrations/0011_read_for.sql"));
store::migration!("people", 5, "retention", include_str!("../migrations/0005_retention.sql"));
store::migration!("people", 14, "audience", include_str!("../migrations/0014_audience.sql"));
store::migration!("people", 15, "forms", include_str!("../migrations/0015_forms.sql"));
store::data_map!("people", include_str!("../migrations/columns.txt"));
