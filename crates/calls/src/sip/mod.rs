//! SIP (RFC 3261): the signalling of calls to and from trunks.
//!
//! Everything up to [`UserAgent`] is a state machine without sockets or clocks: octets, commands and
//! instants go in, octets and events come out. [`Endpoint`] gives it a UDP socket, TCP connections and
//! the time.

mod address;
mod agent;
mod digest;
mod endpoint;
mod framing;
mod headers;
mod message;
mod params;
mod registration;
mod sdp;
mod session;
mod transaction;
mod uri;
mod via;

pub use address::{NameAddr, split_list};
pub use agent::{Event, Identity, Invitation, LegId, Output, UserAgent};
pub use digest::{Algorithm, Challenge, Credentials, authorization};
pub use endpoint::{Command, Endpoint, LegEvents, Offered, Settings, Sink};
pub use framing::Framer;
pub use headers::Headers;
pub use message::{Malformed, Message, Method, Start, parse};
pub use params::Params;
pub use registration::{RegisterState, Registration};
pub use sdp::{Agreed, Codec, Description, Direction, Local};
pub use session::{Ended, Fate};
pub use transaction::{Peer, Transport};
pub use uri::Uri;
pub use via::Via;
