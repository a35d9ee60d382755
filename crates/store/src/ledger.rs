//! The chain under the consent ledger: one record per batch, its events under a Merkle root.
//!
//! The meaning of events belongs to the privacy crate; here is only how they are hashed and
//! chained, because the sequence number and the previous hash are known only inside the commit.
//!
//! ```text
//! leaf   = SHA-256(0x00 ‖ body)
//! node   = SHA-256(0x02 ‖ left ‖ right)      an odd one out moves up unchanged
//! record = SHA-256(0x01 ‖ workspace ‖ seq ‖ at ‖ prev_hash ‖ root ‖ events)   integers big-endian, 8 bytes
//! ```

use aws_lc_rs::digest::{Context, SHA256};
use kernel::{Timestamp, WorkspaceId};

use crate::batch::{Batch, Op};
use crate::{Sql, params, sql};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash before the first record.
pub const GENESIS: Hash = [0; 32];

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// The hash of one event's body.
pub fn leaf(body: &[u8]) -> Hash {
    sha256(&[&[0], body])
}

/// The Merkle root over the leaves; [`GENESIS`] for none.
pub fn root(mut level: Vec<Hash>) -> Hash {
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => sha256(&[&[2], left, right]),
                other => other[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or(GENESIS)
}

/// What a record's hash covers.
#[derive(Debug, Clone, Copy)]
pub struct RecordHead {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Gap-free from 1.
    pub seq: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// The record before.
    pub prev_hash: Hash,
    /// Over the events.
    pub root: Hash,
    /// How many events.
    pub events: i64,
}

impl RecordHead {
    /// The record's own hash.
    pub fn hash(&self) -> Hash {
        sha256(&[
            &[1],
            &self.workspace.0,
            &self.seq.to_be_bytes(),
            &self.at.0.to_be_bytes(),
            &self.prev_hash,
            &self.root,
            &self.events.to_be_bytes(),
        ])
    }
}

sql! {
    /// Takes the workspace's head for this commit and moves it on; the row stays locked until the end.
    pub(crate) TAKE_HEAD = "INSERT INTO workspace_head (workspace, feed_seq, ledger_seq, ledger_hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace) DO UPDATE SET feed_seq = workspace_head.feed_seq + $2, ledger_seq = workspace_head.ledger_seq + $3
        RETURNING feed_seq, ledger_seq, ledger_hash";
    SET_HASH = "UPDATE workspace_head SET ledger_hash = $2 WHERE workspace = $1";
    INSERT_FEED = "INSERT INTO feed (workspace, seq, at, kind, entity, data) VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_RECORD = "INSERT INTO ledger_record (workspace, seq, at, events, root, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_EVENT = "INSERT INTO ledger_event (workspace, seq, ordinal, id, subject, body, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// A key stands for one waiting job. Asked for again while it runs, it runs once more afterwards: what it was
    /// asked for may have come after it looked. Asked for again after it was set aside, it starts anew.
    INSERT_JOB = "INSERT INTO job (workspace, id, queue, dedup, payload, run_at, attempts, lease_until, dead)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)
        ON CONFLICT (workspace, queue, dedup) DO UPDATE SET dead = $7,
            again = CASE WHEN job.lease_until > 0 THEN excluded.run_at END,
            attempts = CASE WHEN job.dead = $7 THEN job.attempts ELSE 0 END,
            run_at = CASE WHEN job.dead <> $7 OR (job.lease_until = 0 AND job.attempts = 0 AND excluded.run_at < job.run_at)
                THEN excluded.run_at ELSE job.run_at END";
}

fn op(sql: Sql, params: Vec<crate::Value>) -> Op {
    Op { sql, params, guarded: false }
}

impl Batch {
    /// Whether the batch moves the workspace's head.
    pub(crate) fn moves_head(&self) -> bool {
        !self.feed.is_empty() || !self.ledger.is_empty()
    }

    /// The statements of the batch's jobs.
    pub(crate) fn job_ops(&mut self) -> Vec<Op> {
        let (workspace, at) = (self.workspace, self.at);
        std::mem::take(&mut self.jobs)
            .into_iter()
            .map(|(id, job)| {
                let run_at = job.run_at.unwrap_or(at);
                op(
                    INSERT_JOB,
                    params![workspace, id, job.queue.as_ref(), job.dedup, job.payload.to_string(), run_at, false],
                )
            })
            .collect()
    }

    /// Parameters of [`TAKE_HEAD`].
    pub(crate) fn head_params(&self) -> Vec<crate::Value> {
        params![self.workspace, self.feed.len(), i64::from(!self.ledger.is_empty()), GENESIS]
    }

    /// The statements that follow once the head is taken: feed rows, ledger record and events.
    pub(crate) fn head_ops(&mut self, feed_seq: i64, ledger_seq: i64, prev_hash: Hash) -> Vec<Op> {
        let (workspace, at) = (self.workspace, self.at);
        let mut ops = Vec::with_capacity(self.feed.len() + self.ledger.len() + 2);
        let first = feed_seq - self.feed.len() as i64 + 1;
        for (seq, entry) in (first..).zip(std::mem::take(&mut self.feed)) {
            ops.push(op(INSERT_FEED, params![workspace, seq, at, entry.kind, entry.entity, entry.data.to_string()]));
        }
        if self.ledger.is_empty() {
            return ops;
        }
        let events = std::mem::take(&mut self.ledger);
        let head = RecordHead {
            workspace,
            seq: ledger_seq,
            at,
            prev_hash,
            root: root(events.iter().map(|event| leaf(&event.body)).collect()),
            events: events.len() as i64,
        };
        let hash = head.hash();
        ops.push(op(INSERT_RECORD, params![workspace, ledger_seq, at, head.events, head.root, prev_hash, hash]));
        for (ordinal, event) in (0i64..).zip(events) {
            ops.push(op(
                INSERT_EVENT,
                params![workspace, ledger_seq, ordinal, event.id, event.subject, event.body, event.sealed],
            ));
        }
        ops.push(op(SET_HASH, params![workspace, hash]));
        ops
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_depends_on_every_leaf_and_on_their_order() {
        let leaves: Vec<Hash> = (0u8..5).map(|n| leaf(&[n])).collect();
        let whole = root(leaves.clone());
        for index in 0..leaves.len() {
            let mut changed = leaves.clone();
            changed[index][0] ^= 1;
            assert_ne!(root(changed), whole);
        }
        let mut swapped = leaves.clone();
        swapped.swap(1, 2);
        assert_ne!(root(swapped), whole);
        assert_eq!(root(vec![leaves[0]]), leaves[0]);
        assert_eq!(root(Vec::new()), GENESIS);
    }
}
