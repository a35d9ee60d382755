//! The commands that talk to a running server.

mod ask;
pub mod backup;
mod campaigns;
mod connected;
mod http;
mod people;
mod text;
mod transfer;

pub use ask::api;
pub use backup::backup;
pub use campaigns::campaign;
pub use connected::{domain, key, ledger, webhook};
pub use people::{contact, export, import, segment};
