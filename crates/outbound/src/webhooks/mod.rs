//! Outgoing webhooks: what happens in a workspace, told to other systems.
//!
//! An [`Endpoint`] names a URL and the kinds of events it wants. The feeder reads the change feed as
//! one named consumer per endpoint and keeps a message per wanted event; messages of the same object
//! leave in the order of the feed, each only after the one before was accepted or given up. They are
//! signed per [Standard Webhooks](https://www.standardwebhooks.com) and carry ids, counters and
//! instants, never personal values: who wants more asks the API with the id.
//!
//! A message is tried for 72 hours. An endpoint that accepted nothing for as long, or that answers
//! 410, is disabled; its messages are held until somebody replays them. [`Policy`] decides which
//! hosts may be contacted at all.

mod appointlet;
mod call;
mod deliver;
mod endpoints;
mod error;
mod feeder;
mod guarded;
mod model;
mod payload;
mod queries;
mod replay;
mod request;
mod rules;
mod signature;
mod target;

use std::sync::Arc;

use store::Core;

pub use call::call_secret;
pub use deliver::QUEUE;
pub use error::{Error, Result};
pub use guarded::{GuardedClient, Refused};
pub use model::{
    Attempt, Endpoint, EndpointState, Failure, Message, MessageState, NewEndpoint, Replay, Shape, UpdateEndpoint,
};
pub use payload::KINDS;
pub use signature::SECRET_PREFIX;
pub use target::{Blocked, Lookup, Policy, SystemLookup};

store::migration!("outbound", 2, "webhooks", include_str!("../../migrations/0002_webhooks.sql"));

/// The webhooks of all workspaces of this process.
#[derive(Clone)]
pub struct Webhooks {
    core: Core,
    client: GuardedClient,
}

impl Webhooks {
    /// Webhooks over the store, to the hosts that `policy` allows.
    ///
    /// # Errors
    /// [`Error::Client`] when the TLS set-up of this machine does not work.
    pub fn new(core: Core, policy: Policy, lookup: Arc<dyn Lookup>) -> Result<Self> {
        Ok(Self { core, client: GuardedClient::new(policy, lookup, request::WHOLE)? })
    }
}

/// Other systems of the workspace that are told what happened.
pub const CONNECTOR: &str = "webhooks";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Processor,
    carries: &["ids", "addresses", "what people did"],
    foreign: false,
});
