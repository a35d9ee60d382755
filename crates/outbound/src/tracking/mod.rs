//! Links of a message: unsubscribe, preferences, view in browser, and, for people with the
//! tracking purpose, opens and clicks.
//!
//! A link carries a signed token of workspace and delivery, never an address and never a target:
//! where a click leads is looked up in the content that was really sent, so there is no open
//! redirect. Unsubscribe and tracking tokens have different signatures: who sees a click's URL
//! cannot unsubscribe anybody.

mod classify;
mod hits;
mod links;

pub use classify::{Signals, classify};
pub use hits::{ByClass, LinkStats, SeriesPoint, Stats, click, open, stats};
pub(crate) use hits::{CLICK, COMPLAINT, ERASE_HITS, OPEN, UNSUBSCRIBE, left};
pub use links::{DeliveryLinks, Tokened, delivery_of_tracking_token, delivery_of_unsubscribe_token};
