//! Short links: what stands in a text instead of a long address, and what happens when somebody follows it.
//!
//! A link to somebody who allows counting is theirs alone; the others of a campaign share one per address, which says
//! nothing about anybody. Where a link leads is kept here, under the person's key where it is theirs, never in the
//! link, so that nobody can borrow the redirect. Its code is made of a keyed hash: it cannot be guessed, and a
//! campaign that was interrupted makes the same ones again.

mod code;
mod follow;
mod personal;
mod queries;
mod write;

pub(super) use follow::left;
pub use follow::{Found, find, follow, leave};
pub(super) use queries::ERASE_CLICKS;
pub(super) use write::{Bound, Place, ShortLink, Shortener, tracking};
