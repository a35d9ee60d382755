//! What came back: delivery reports (RFC 3464), complaints (RFC 5965) and replies of servers, sorted
//! into one published vocabulary, [`Class`].
//!
//! An enhanced code (RFC 3463) beats a basic code, which beats words. Only what is certain to concern
//! the address, or the person's own will, suppresses.

mod class;
mod complaint;
mod explain;
mod report;
mod words;

pub use class::{Class, classify};
pub(crate) use explain::token;
pub use explain::{Explained, Form, explain_bounce};
