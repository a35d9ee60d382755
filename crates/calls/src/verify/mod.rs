//! Verification: does a number or an address belong to whoever typed it in? A code goes out by SMS, by voice or by
//! mail, and comes back.
//!
//! A code rests nowhere. It is told from the workspace's keys and the verification's id when it is sent, and what
//! came back is compared, in constant time, with a keyed hash. An attempt is counted before it is judged, in one
//! statement, so that no race gives a further one. [`watch`] refuses codes to numbers of which hardly any is used.
//!
//! Messages leave as service messages that their recipient asked for: by mail through `outbound`, by SMS and voice
//! through [`Texts`] and [`Speaks`], which the process fills with its channels.

mod begin;
mod carry;
mod check;
mod error;
mod expire;
mod model;
mod personal;
mod queries;
mod rules;
pub mod services;
mod view;
pub mod watch;
mod words;

pub use begin::{NewVerification, cancel};
pub use carry::{Carried, Speaks, SpokenCode, TextedCode, Texts, Verify};
pub use check::check;
pub use error::{Error, Result};
pub use expire::{ExpireVerifications, QUEUE};
pub use model::{Sent, Verification, VerificationState, Way};
pub use rules::TRIAL_CODE;
pub use view::{find, list};

store::data_map!("calls", include_str!("../../migrations/verify.txt"));
store::migration!("calls", 11, "verify", include_str!("../../migrations/0011_verify.sql"));
