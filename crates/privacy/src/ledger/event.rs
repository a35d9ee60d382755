use aws_lc_rs::{digest, hmac};
use data_encoding::BASE64URL_NOPAD;
use kernel::{ContactId, EventId, NoticeId, Timestamp, TopicId};
use serde_json::Value as Json;
use store::{Batch, Blind, Ctx, LedgerEvent, SubjectKeys, WorkspaceKeys};

use super::header::{Header, Kind};
use super::queries::EventRow;
use crate::{Error, Result};

pub(crate) const SEALED_COLUMN: &str = "ledger_event.sealed";
const SALT: usize = 16;

/// The name under which the ledger knows a person: keyed, stable, not the contact's id.
pub fn pseudonym(keys: &WorkspaceKeys, subject: ContactId) -> Blind {
    let mut text = [0u8; 40];
    // Sixteen bytes as hex need no allocation; the text form of the id would say the same.
    let used = crate::ledger::event::hex_id(&mut text, subject);
    keys.blind("subject", used)
}

fn hex_id(buffer: &mut [u8; 40], subject: ContactId) -> &str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (index, byte) in subject.0.iter().enumerate() {
        buffer[index * 2] = DIGITS[usize::from(byte >> 4)];
        buffer[index * 2 + 1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(&buffer[..32]).unwrap_or_default()
}

/// An event about to be written.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: Kind,
    pub(crate) subject: ContactId,
    pub(crate) purpose: Option<&'a str>,
    pub(crate) channel: Option<&'a str>,
    pub(crate) topic: Option<TopicId>,
    pub(crate) basis: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    pub(crate) at: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) notice: Option<NoticeId>,
    pub(crate) payload: &'a Json,
}

impl<'a> Entry<'a> {
    /// An event of `kind` that names no purpose, channel, topic, basis or state.
    pub(crate) fn new(kind: Kind, subject: ContactId, at: Timestamp, payload: &'a Json) -> Self {
        Self {
            kind,
            subject,
            purpose: None,
            channel: None,
            topic: None,
            basis: None,
            state: None,
            at,
            expires: None,
            notice: None,
            payload,
        }
    }

    /// Seals the payload, writes the header and adds both to the batch's ledger record.
    pub(crate) fn push(
        &self,
        batch: &mut Batch,
        ctx: &Ctx,
        keys: &WorkspaceKeys,
        subject_keys: &SubjectKeys,
    ) -> Result<EventId> {
        let id: EventId = ctx.id();
        let mut plain = Vec::with_capacity(320);
        plain.resize(SALT, 0);
        ctx.rng.fill(&mut plain);
        serde_json::to_writer(&mut plain, self.payload).map_err(|_| Error::Corrupt("ledger payload"))?;
        let commit = commitment(&plain);
        let sealed = subject_keys.evidence()?.seal(&ctx.aad(self.subject, SEALED_COLUMN), &plain, ctx.rng.as_ref());
        let subject = pseudonym(keys, self.subject);
        let header = Header {
            actor: ctx.actor.to_string().into(),
            at: self.at,
            basis: self.basis.map(Into::into),
            channel: self.channel.map(Into::into),
            commit: BASE64URL_NOPAD.encode(&commit).into(),
            expires: self.expires,
            id,
            kind: self.kind,
            notice: self.notice,
            purpose: self.purpose.map(Into::into),
            sealed: ciphertext_hash(&sealed).into(),
            state: self.state.map(Into::into),
            subject: BASE64URL_NOPAD.encode(&subject).into(),
            topic: self.topic,
        };
        batch.ledger(LedgerEvent { id, subject, body: header.to_bytes(), sealed });
        Ok(id)
    }
}

fn commitment(salted: &[u8]) -> [u8; 32] {
    let (salt, payload) = salted.split_at(SALT.min(salted.len()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), payload);
    let mut out = [0; 32];
    out.copy_from_slice(tag.as_ref());
    out
}

pub(crate) fn ciphertext_hash(sealed: &[u8]) -> String {
    BASE64URL_NOPAD.encode(&digest::digest(&digest::SHA256, sealed).as_ref()[..16])
}

/// An event with its payload, as shown in answers and claims of law.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Opened {
    /// The record that carries it.
    pub seq: i64,
    /// The header, as JSON.
    pub header: Json,
    /// The payload; absent once it was shredded.
    pub payload: Option<Json>,
}

/// Opens stored payload bytes; `None` when they are gone or the key is.
///
/// # Errors
/// [`Error::LedgerBroken`] when the payload does not open, or is not the one the header commits to.
pub(crate) fn open_payload(
    ctx: &Ctx,
    subject: ContactId,
    keys: &SubjectKeys,
    row: &EventRow,
) -> Result<Option<Vec<u8>>> {
    let (Some(sealed), Ok(key)) = (row.sealed.as_deref().filter(|bytes| !bytes.is_empty()), keys.evidence()) else {
        return Ok(None);
    };
    let broken = |why: &str| Error::LedgerBroken { seq: row.seq.unsigned_abs(), why: why.to_owned() };
    let plain =
        key.open(&ctx.aad(subject, SEALED_COLUMN), sealed).map_err(|_| broken("a sealed payload does not open"))?;
    let header = Header::parse(&row.body).ok_or_else(|| broken("a header is not in canonical form"))?;
    if plain.len() < SALT || BASE64URL_NOPAD.encode(&commitment(&plain)) != header.commit {
        return Err(broken("a payload is not the one its header commits to"));
    }
    Ok(Some(plain[SALT..].to_vec()))
}

/// Every event of one person with its payload, oldest first.
///
/// # Errors
/// When the store fails, or an event does not verify.
pub async fn open(
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    subject: ContactId,
    subject_keys: &SubjectKeys,
) -> Result<Vec<Opened>> {
    let rows: Vec<EventRow> =
        ctx.db.all(super::queries::EVENTS_OF_SUBJECT, store::params![ctx.workspace, pseudonym(keys, subject)]).await?;
    rows.iter()
        .map(|row| {
            let payload = open_payload(ctx, subject, subject_keys, row)?
                .map(|bytes| serde_json::from_slice(&bytes).map_err(|_| Error::Corrupt("ledger payload")))
                .transpose()?;
            let header = serde_json::from_slice(&row.body).map_err(|_| Error::Corrupt("ledger header"))?;
            Ok(Opened { seq: row.seq, header, payload })
        })
        .collect()
}

/// Adds an event about the workspace as a whole, sealed under its own key.
pub(crate) async fn push_workspace_event(batch: &mut Batch, ctx: &Ctx, kind: Kind, payload: &Json) -> Result<EventId> {
    let keys = ctx.keys().await?;
    let id: EventId = ctx.id();
    let mut plain = vec![0; SALT];
    ctx.rng.fill(&mut plain);
    serde_json::to_writer(&mut plain, payload).map_err(|_| Error::Corrupt("ledger payload"))?;
    let sealed = keys.seal(SEALED_COLUMN, &plain);
    let header = Header {
        actor: ctx.actor.to_string().into(),
        at: ctx.now(),
        basis: None,
        channel: None,
        commit: BASE64URL_NOPAD.encode(&commitment(&plain)).into(),
        expires: None,
        id,
        kind,
        notice: None,
        purpose: None,
        sealed: ciphertext_hash(&sealed).into(),
        state: None,
        subject: BASE64URL_NOPAD.encode(&WORKSPACE).into(),
        topic: None,
    };
    batch.ledger(LedgerEvent { id, subject: WORKSPACE, body: header.to_bytes(), sealed });
    Ok(id)
}

/// Stands where a person's pseudonym would, in events about the workspace.
const WORKSPACE: Blind = [0; 16];
