//! Who else touches the data (GDPR Art. 28, 30 and 44-49): processors, independent controllers such as
//! payment providers, and mere conduits such as carriers. An entry is a draft until everything the law asks
//! for is known; then it is announced ahead of time and shown on the public page and feed.

mod import;
mod model;
mod places;
mod published;
mod register;

pub use import::{Duplicate, Imported, Stale, import};
pub use model::{Details, Mechanism, Role, lacks, remarks};
pub use places::{in_eea, recognised};
pub use published::{Published, PublishedProcessor, Upcoming, published};
pub use register::{Change, Enable, Processor, create, enable, end, get, history, list, remove, update};

/// How long before it takes effect a change of recipients is published, in days.
pub const NOTICE_DAYS: i64 = 30;
