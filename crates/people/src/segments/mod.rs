//! Segments: nested conditions over attributes, tags, topics, dates and events, answered live.
//!
//! Attributes rest sealed, so no SQL can look inside them. Three parts answer instead:
//! [`conditions`] is the grammar (JSON in, a checked tree out); [`Index`] holds a workspace's
//! people in memory as dictionary columns and roaring bitmaps and counts a million of them in
//! milliseconds; [`reference`] is the same meaning written plainly over one decrypted contact. The
//! reference is the oracle: property tests hold the index to it, and `barid explain segment` runs
//! both and fails when they differ. [`live`] keeps one index per workspace in step with the change
//! feed, and [`saved`] keeps conditions under names.

pub mod conditions;
pub mod document;
mod explain;
pub mod index;
pub mod live;
#[cfg(test)]
mod oracle;
pub mod reference;
pub mod saved;

pub use conditions::{SegmentError, Where};
pub use document::{Attribute, ContactDoc, ContactEvent};
pub use explain::{ExplainError, explain};
pub use index::Index;
pub use live::Live;
