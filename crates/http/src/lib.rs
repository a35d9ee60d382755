//! The server's toolbox: what every surface (Barid's own API, the drop-ins, the public pages) shares.
//!
//! A surface builds its [`axum::Router`] with a state from which a [`Toolbox`] can be taken
//! (`impl FromRef<App> for Toolbox`), takes [`Caller`] in handlers that need authority, returns
//! [`Result`], and passes the router through [`Toolbox::finish`] before [`serve()`].

mod assets;
mod caller;
mod calls;
mod cookie;
pub mod cursor;
mod idempotency;
mod input;
mod limits;
pub mod metrics;
mod observe;
mod origin;
mod probes;
mod problem;
mod serve;
pub mod testing;
mod toolbox;

pub use assets::{Asset, Keep, media_type};
pub use caller::{Caller, SignedIn};
pub use calls::CallLog;
pub use idempotency::{REPLAYED, sweep as sweep_idempotency};
pub use input::{JsonBody, Path, Query, parse_json};
pub use limits::{Deadline, deadline};
pub use metrics::Metrics;
pub use observe::RequestId;
pub use origin::{ClientInfo, Peer, client_address};
pub use probes::{Ready, probes};
pub use problem::{Failure, MEDIA_TYPE as PROBLEM_JSON, Result, body as problem_body};
pub use serve::{Encrypted, Limits, Listener, Tls, TlsError, serve};
pub use toolbox::{Options, Toolbox};

store::data_map!("http", include_str!("../migrations/columns.txt"));
store::migration!("http", 1, "idempotency", include_str!("../migrations/0001_http.sql"));
