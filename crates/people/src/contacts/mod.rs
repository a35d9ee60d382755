//! Contacts: people with several addresses and numbers, one sealed profile each, tags and topics.
//!
//! Everything personal rests in [`Profile`], sealed under the person's data key; the tables hold
//! ids, instants, states and keyed hashes. Every change is one batch that also writes the facts
//! the gate rests on and the change feed.

mod enrich;
mod identities;
mod load;
mod merge;
mod model;
mod personal;
pub(crate) mod queries;
pub mod rules;
mod write;

pub use enrich::{Enriched, Enrichment, enrich};
pub use identities::{Kind, by_email, by_legacy, by_phone, find, mark_address, remove_address};
pub use load::{Contact, Identity, Loaded, Membership, count, for_each, get, get_many, list, rows};
pub use merge::{adopt, aliases, disown, erase, merge, merged_into};
pub use model::{AddressState, Draft, Profile, Sourced, Standard};
pub use write::{Change, Origin, archive, create, update};

pub(crate) use enrich::{ENRICHED_BEFORE, drop_value};
pub(crate) use identities::{Keyed, identity_params, keyed};
pub(crate) use load::open;
pub(crate) use write::{facts_of, push_change, push_new, seal};
