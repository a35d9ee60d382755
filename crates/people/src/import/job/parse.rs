//! The first stage of the pipeline: rows of one chunk, typed, with the keys they are looked up by.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use kernel::Timestamp;
use privacy::suppression;
use store::{Blind, WorkspaceKeys};
use tokio::sync::mpsc;

use super::CHUNK;
use super::start::Plan;
use crate::contacts::{self, Draft, Standard};
use crate::import::row::Evidence;
use crate::import::{Country, FileError, Position, Reject, Row, Rows, Warning};

/// A row on its way into a commit.
pub(super) struct Candidate {
    pub(super) line: u64,
    pub(super) draft: Draft,
    pub(super) evidence: Evidence,
    /// Look-up keys: the address first.
    pub(super) keyed: Vec<contacts::Keyed>,
    /// Suppression hashes of address and number.
    pub(super) hashes: Vec<Blind>,
    /// The identifier, for the rejects file.
    pub(super) shown: String,
}

/// The rows of one commit.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) candidates: Vec<Candidate>,
    pub(super) rejects: Vec<Reject>,
    pub(super) warnings: Vec<Warning>,
    pub(super) read: u64,
    /// The place behind the last row.
    pub(super) position: Position,
}

/// What parsing needs.
pub(super) struct Parsing {
    pub(super) plan: Arc<Plan>,
    pub(super) keys: Arc<WorkspaceKeys>,
    pub(super) now: Timestamp,
    /// Where to begin; the beginning of the file when the offset is 0.
    pub(super) from: Position,
}

/// Reads a file from a place to its end and sends its chunks; stops when nobody listens.
pub(super) fn parse<R: Read>(file: R, parsing: &Parsing, send: &mpsc::Sender<Result<Chunk, FileError>>) {
    if let Err(error) = chunks(file, parsing, send) {
        // Nobody may be listening any more; then nobody needs to know either.
        let _ = send.blocking_send(Err(error));
    }
}

fn chunks<R: Read>(file: R, parsing: &Parsing, send: &mpsc::Sender<Result<Chunk, FileError>>) -> Result<(), FileError> {
    let mut rows = Rows::open_as(file, parsing.plan.encoding, &parsing.plan.columns(), parsing.now)?;
    if parsing.from.offset > 0 {
        rows.resume(parsing.from)?;
    }
    loop {
        let mut chunk = Chunk::default();
        while chunk.read < CHUNK as u64 {
            match rows.next(&mut chunk.warnings)? {
                None => break,
                Some(Err(reject)) => chunk.rejects.push(reject),
                Some(Ok(row)) => {
                    let candidate = candidate(row, parsing, &mut chunk.warnings);
                    chunk.candidates.push(candidate);
                }
            }
            chunk.read += 1;
        }
        chunk.position = rows.position();
        if chunk.read == 0 || send.blocking_send(Ok(chunk)).is_err() {
            return Ok(());
        }
    }
}

fn candidate(row: Row, parsing: &Parsing, warnings: &mut Vec<Warning>) -> Candidate {
    let Row { line, email, phone, evidence, .. } = &row;
    let shown = email
        .as_ref()
        .map_or_else(|| phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default(), ToString::to_string);
    let (line, evidence) = (*line, evidence.clone());
    let draft = draft(row, &parsing.plan, warnings);
    let keyed = contacts::keyed(&parsing.keys, &draft.emails, &draft.phones);
    let emails = draft.emails.iter().map(|email| suppression::email_hash(&parsing.keys, email));
    let phones = draft.phones.iter().map(|phone| suppression::phone_hash(&parsing.keys, phone));
    let hashes = emails.chain(phones).collect();
    Candidate { line, draft, evidence, keyed, hashes, shown }
}

fn draft(row: Row, plan: &Plan, warnings: &mut Vec<Warning>) -> Draft {
    let values = [
        (Standard::FirstName, row.first_name),
        (Standard::LastName, row.last_name),
        (Standard::Language, row.language.map(|tag| tag.as_str().to_owned())),
        (Standard::Country, row.country.as_ref().map(|country: &Country| country.as_str().to_owned())),
        (Standard::TimeZone, row.time_zone),
        (Standard::Company, row.company),
        (Standard::RecipientType, row.recipient_type.map(str::to_owned)),
    ];
    let mut attributes = BTreeMap::new();
    for (index, text) in row.attributes {
        let Some((key, kind)) = plan.fields.get(index) else { continue };
        match kind.read(&text) {
            Some(value) => {
                attributes.insert(key.clone(), value);
            }
            None => warnings.push(Warning {
                line: row.line,
                column: key.clone(),
                reason: format!("not a {}", kind.as_str()),
            }),
        }
    }
    Draft {
        emails: row.email.into_iter().collect(),
        phones: row.phone.into_iter().collect(),
        values: values.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
        attributes,
        tags: row.tags,
    }
}
