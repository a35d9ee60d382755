use std::fmt::Write;

use data_encoding::HEXLOWER;
use kernel::{Timestamp, WorkspaceId};
use serde_json::Value as Json;
use store::ledger::{GENESIS, Hash, RecordHead, leaf, root};

use super::checkpoint::Checkpoint;

/// Where and why a ledger does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("record {seq}: {why}")]
pub struct Break {
    /// The first bad record.
    pub seq: u64,
    /// What is wrong with it.
    pub why: String,
}

/// What a ledger that verifies contains.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Verified {
    /// How many records.
    pub records: u64,
    /// How many events they carry.
    pub events: u64,
    /// The last record's hash, in hex; compare it with a head you trust.
    pub head: String,
    /// The number of the checkpoint that was matched.
    pub checkpoint: Option<u64>,
}

/// Checks records one by one, in order.
#[derive(Debug)]
pub struct Verifier<'a> {
    /// Taken from the checkpoint or the first record; every record must agree.
    workspace: Option<WorkspaceId>,
    checkpoint: Option<&'a Checkpoint>,
    matched: bool,
    next: i64,
    previous: Hash,
    events: u64,
}

/// One record as it came.
pub(crate) struct Record<'a> {
    pub(crate) head: RecordHead,
    pub(crate) hash: Hash,
    pub(crate) bodies: &'a [Vec<u8>],
}

impl<'a> Verifier<'a> {
    /// A verifier from the first record on. A checkpoint given must be signed rightly and met.
    ///
    /// # Errors
    /// [`Break`] at the checkpoint's number when its signature does not verify.
    pub fn new(checkpoint: Option<&'a Checkpoint>) -> Result<Self, Break> {
        if let Some(point) = checkpoint
            && !point.is_authentic()
        {
            return Err(Break { seq: point.seq, why: "the checkpoint's signature does not verify".into() });
        }
        let workspace = checkpoint.map(|point| point.workspace);
        // A checkpoint of an empty ledger is met by any beginning.
        let matched = checkpoint.is_some_and(|point| point.seq == 0 && point.hash_bytes() == Some(GENESIS));
        Ok(Self { workspace, checkpoint, matched, next: 1, previous: GENESIS, events: 0 })
    }

    fn bad<T>(&self, why: &str) -> Result<T, Break> {
        Err(Break { seq: self.next.unsigned_abs(), why: why.to_owned() })
    }

    pub(crate) fn record(&mut self, record: &Record<'_>) -> Result<(), Break> {
        let head = &record.head;
        if *self.workspace.get_or_insert(head.workspace) != head.workspace {
            return self.bad("it belongs to another workspace");
        }
        if head.seq != self.next {
            return self.bad(&format!("it is missing; number {} stands in its place", head.seq));
        }
        if head.prev_hash != self.previous {
            return self.bad("it does not follow from the record before");
        }
        if head.events < 1 || head.events.unsigned_abs() != record.bodies.len() as u64 {
            return self.bad("it does not carry the number of events it says");
        }
        if head.root != root(record.bodies.iter().map(|body| leaf(body)).collect()) {
            return self.bad("an event was changed, added, removed or moved");
        }
        if head.hash() != record.hash {
            return self.bad("its hash is wrong");
        }
        if let Some(point) = self.checkpoint
            && point.seq == head.seq.unsigned_abs()
        {
            if point.hash_bytes() != Some(record.hash) {
                return self.bad("it is not the record the checkpoint signed");
            }
            self.matched = true;
        }
        self.previous = record.hash;
        self.events += record.bodies.len() as u64;
        self.next += 1;
        Ok(())
    }

    /// Checks one line of an export.
    ///
    /// # Errors
    /// [`Break`] naming the record expected at this place.
    pub fn line(&mut self, line: &str) -> Result<(), Break> {
        let Some((head, hash, bodies)) = parse_line(line) else {
            return self.bad("the line is not an exported record");
        };
        self.record(&Record { head, hash, bodies: &bodies })
    }

    /// Ends the check: the checkpoint must have been met.
    ///
    /// # Errors
    /// [`Break`] naming the first record that was cut off.
    pub fn finish(self) -> Result<Verified, Break> {
        if self.checkpoint.is_some() && !self.matched {
            return self.bad("it is missing: the ledger was cut off before the checkpoint");
        }
        Ok(Verified {
            records: (self.next - 1).unsigned_abs(),
            events: self.events,
            head: HEXLOWER.encode(&self.previous),
            checkpoint: self.checkpoint.map(|point| point.seq),
        })
    }
}

/// Verifies an export, line by line; blank lines at the end are ignored.
///
/// # Errors
/// [`Break`] with the first bad record.
pub fn verify_lines<S: AsRef<str>>(
    lines: impl IntoIterator<Item = S>,
    checkpoint: Option<&Checkpoint>,
) -> Result<Verified, Break> {
    let mut verifier = Verifier::new(checkpoint)?;
    for line in lines {
        let line = line.as_ref().trim_end_matches(['\r', '\n']);
        if !line.is_empty() {
            verifier.line(line)?;
        }
    }
    verifier.finish()
}

/// One record as one line; the inverse of [`parse_line`].
pub(crate) fn write_line(head: &RecordHead, hash: &[u8], bodies: &[&[u8]]) -> String {
    let mut line = format!("{{\"at\":\"{}\",\"count\":{},\"events\":[", head.at, head.events);
    for (index, body) in bodies.iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        match std::str::from_utf8(body).ok().filter(|text| serde_json::from_str::<Json>(text).is_ok()) {
            Some(text) => line.push_str(text),
            // A damaged header still makes a readable line, which then fails to verify.
            None => line.push_str("null"),
        }
    }
    // Writing to a String does not fail.
    let _ = write!(
        line,
        "],\"hash\":\"{}\",\"prev\":\"{}\",\"root\":\"{}\",\"seq\":{},\"workspace\":\"{}\"}}",
        HEXLOWER.encode(hash),
        HEXLOWER.encode(&head.prev_hash),
        HEXLOWER.encode(&head.root),
        head.seq,
        head.workspace
    );
    line
}

/// Reads a line, strictly: what it says must be written exactly as the exporter writes it, so that
/// no changed byte goes unnoticed.
fn parse_line(line: &str) -> Option<(RecordHead, Hash, Vec<Vec<u8>>)> {
    let value: Json = serde_json::from_str(line).ok()?;
    let text = |name: &str| value.get(name).and_then(Json::as_str);
    let hash = |name: &str| -> Option<Hash> { HEXLOWER.decode(text(name)?.as_bytes()).ok()?.try_into().ok() };
    let bodies = value
        .get("events")?
        .as_array()?
        .iter()
        .map(|event| serde_json::to_vec(event).ok())
        .collect::<Option<Vec<_>>>()?;
    let head = RecordHead {
        workspace: text("workspace")?.parse().ok()?,
        seq: value.get("seq")?.as_i64()?,
        at: text("at")?.parse::<Timestamp>().ok()?,
        prev_hash: hash("prev")?,
        root: hash("root")?,
        events: value.get("count")?.as_i64()?,
    };
    let own = hash("hash")?;
    let views: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    (write_line(&head, &own, &views) == line).then_some((head, own, bodies))
}
