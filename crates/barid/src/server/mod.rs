//! The server: what `init`, `serve`, `demo` and `restore` do.
//!
//! [`open`] opens data and keys, [`wiring`] builds the process from its parts, [`mailing`] its mail
//! side. The rest is one command each.

mod access;
mod backup;
mod demo;
mod init;
mod mailing;
mod nodes;
mod open;
mod restore;
mod sample;
mod serve;
mod smpp;
mod wiring;

pub(crate) use access::access;
pub(crate) use backup::backup;
pub(crate) use demo::demo;
pub(crate) use init::init;
pub(crate) use restore::restore;
pub(crate) use serve::serve;

use serde_json::Value as Json;

use crate::outcome::{Failure, Result};

/// The API's description.
pub(crate) fn openapi() -> Result<Json> {
    serde_json::from_str(&api::v1::openapi()).map_err(Failure::failed)
}
