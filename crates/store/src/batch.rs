//! The normal write: a list of statements and what belongs to the same commit.

use std::borrow::Cow;

use kernel::{EventId, JobId, RawId, Timestamp, WorkspaceId};
use serde_json::Value as Json;

use crate::{Blind, Sql, Value};

/// One statement of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub(crate) sql: Sql,
    pub(crate) params: Vec<Value>,
    /// Must touch exactly one row.
    pub(crate) guarded: bool,
}

/// An entry of the change feed. `data` holds ids, counters and instants, never personal values.
#[derive(Debug, Clone)]
pub struct Feed {
    /// What happened, such as `contact.updated`.
    pub kind: &'static str,
    /// To what.
    pub entity: RawId,
    /// Further ids, counters and instants.
    pub data: Json,
}

/// A job to enqueue with the commit that causes it. The payload carries ids only.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub(crate) queue: Cow<'static, str>,
    pub(crate) payload: Json,
    pub(crate) dedup: Option<String>,
    pub(crate) run_at: Option<Timestamp>,
}

impl NewJob {
    /// A job that is due at once.
    pub fn now(queue: impl Into<Cow<'static, str>>, payload: Json) -> Self {
        Self { queue: queue.into(), payload, dedup: None, run_at: None }
    }

    /// At most one waiting job of the queue has this key; a second one is dropped silently.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.dedup = Some(key.into());
        self
    }

    /// Not before `at`.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.run_at = Some(at);
        self
    }
}

/// One event for the ledger; the store chains all events of a batch as one record.
#[derive(Debug, Clone)]
pub struct LedgerEvent {
    /// The event.
    pub id: EventId,
    /// A pseudonym of the subject (keyed, not the contact id).
    pub subject: Blind,
    /// The event's header as canonical JSON; this is what is hashed.
    pub body: Vec<u8>,
    /// The payload under the evidence key; may be shredded without breaking the chain.
    pub sealed: Vec<u8>,
}

/// Statements, feed entries, jobs and ledger events of one workspace that happen together or not
/// at all.
#[derive(Debug, Clone)]
pub struct Batch {
    pub(crate) workspace: WorkspaceId,
    pub(crate) at: Timestamp,
    pub(crate) ops: Vec<Op>,
    pub(crate) feed: Vec<Feed>,
    pub(crate) jobs: Vec<(JobId, NewJob)>,
    pub(crate) ledger: Vec<LedgerEvent>,
    ids: kernel::Ids,
}

/// What a commit assigned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Applied {
    /// The change feed's position after the batch; 0 when it fed nothing.
    pub feed_seq: i64,
    /// The ledger record's number; 0 when the batch stated nothing.
    pub ledger_seq: i64,
}

impl Batch {
    /// An empty batch. Usually made by [`crate::Ctx::batch`].
    pub fn new(workspace: WorkspaceId, at: Timestamp, ids: kernel::Ids) -> Self {
        Self { workspace, at, ops: Vec::new(), feed: Vec::new(), jobs: Vec::new(), ledger: Vec::new(), ids }
    }

    /// Adds a statement.
    pub fn push(&mut self, sql: Sql, params: Vec<Value>) {
        self.ops.push(Op { sql, params, guarded: false });
    }

    /// Adds a statement that must touch exactly one row.
    pub fn guard(&mut self, sql: Sql, params: Vec<Value>) {
        self.ops.push(Op { sql, params, guarded: true });
    }

    /// Adds an entry to the change feed.
    pub fn feed(&mut self, entry: Feed) {
        self.feed.push(entry);
    }

    /// Enqueues a job.
    pub fn job(&mut self, job: NewJob) {
        let id = self.ids.next();
        self.jobs.push((id, job));
    }

    /// Adds an event to the batch's ledger record.
    pub fn ledger(&mut self, event: LedgerEvent) {
        self.ledger.push(event);
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty() && self.feed.is_empty() && self.jobs.is_empty() && self.ledger.is_empty()
    }

    /// The workspace the batch belongs to.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Moves everything of `other` behind this batch's own.
    pub fn append(&mut self, other: Self) {
        self.ops.extend(other.ops);
        self.feed.extend(other.feed);
        self.jobs.extend(other.jobs);
        self.ledger.extend(other.ledger);
    }
}
