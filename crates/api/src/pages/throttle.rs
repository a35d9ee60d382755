//! A limit per network address, for pages whose POST makes work or sends mail.

use std::sync::Arc;

use accounts::throttle::{Buckets, Rate, address_key};
use http_server::{Failure, Result};
use kernel::{Code, Problem, Timestamp};

use super::visitor::Visitor;

/// So many addresses are remembered.
const CAPACITY: usize = 50_000;

/// A limit shared by the routes of one kind.
#[derive(Debug, Clone)]
pub(super) struct Throttle(Arc<Buckets<u64>>);

impl Throttle {
    /// One per `seconds` in the long run, `burst` at once.
    pub(super) fn new(seconds: u32, burst: u32) -> Self {
        Self(Arc::new(Buckets::new(Rate::one_per(seconds, burst), CAPACITY)))
    }

    /// Takes one from what the visitor's address may do.
    pub(super) fn spend(&self, visitor: &Visitor, now: Timestamp) -> Result<()> {
        let Some(address) = visitor.ip else { return Ok(()) };
        self.0.take(address_key(address), now).map_err(|seconds| {
            Failure(Problem::new(Code::RateLimited, "too many requests from this address").retry_after(seconds))
        })
    }
}
