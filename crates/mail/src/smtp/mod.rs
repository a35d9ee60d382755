//! Handing messages over by SMTP (RFC 5321, 2920, 3207, 4954, 6531, 1870).
//!
//! A [`Pool`] stands for one destination. It keeps a few connections, reuses them, and pipelines:
//! the envelope in one write, then the content together with the next message's envelope. Each
//! message ends in exactly one [`Outcome`], which says whether it may be sent again without
//! anyone getting it twice. Right before a message's first octet goes out its [`Handover`] is
//! asked, so that a withdrawal that came meanwhile still stops it.

mod content;
mod outcome;
mod pace;
mod pool;
mod reply;
mod session;
mod tls;
mod transaction;
mod wire;

pub use outcome::{Failure, Guard, Handover, Lost, Outcome, Parcel, Phase};
pub use pool::{Limits, Pool, Pools};
pub use reply::{EnhancedCode, Malformed, Reply};
pub use session::{Login, Server, Timeouts, Tls};
pub use tls::{accepting_any, verified, verified_by};
