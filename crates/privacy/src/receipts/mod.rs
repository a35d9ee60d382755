//! Receipts: what a person agreed to, refused or took back, as a file of their own. The shape
//! follows ISO/IEC TS 27560:2023 in the W3C DPVCG's profile; the file is signed with the
//! workspace's Ed25519 key (RFC 8032) over its canonical form (RFC 8785) without `sig`. Whoever has
//! the public key can check it without asking anybody.

mod canonical;
mod terms;

pub use canonical::canonical;

use aws_lc_rs::signature::{ED25519, KeyPair, UnparsedPublicKey};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use kernel::{ContactId, NoticeId, TopicId};
use serde_json::{Map, Value as Json, json};
use store::Ctx;

use crate::claims::{self, Claim};
use crate::ledger::{self, Opened};
use crate::purposes::PurposeEntry;
use crate::vocabulary::ConsentState;
use crate::{Error, Result, notices, purposes};

/// The standard that the shape follows.
pub const SCHEMA: &str = "ISO/IEC TS 27560:2023";

/// Whether a receipt holds what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// It does, by the key that it names.
    Intact,
    /// It was changed, or signed by another key than the one it names.
    Broken,
    /// It is no receipt of Barid.
    Foreign,
}

/// Who answers for the processing, as receipts name them.
#[derive(Debug, Clone)]
pub struct Controller {
    /// The organisation's name.
    pub name: String,
    /// Its postal address.
    pub postal_address: String,
    /// The public address at which people use their rights.
    pub rights: String,
}

/// A receipt for everything that processing of the person's data rests or rested on: one for each
/// purpose, channel, topic and basis, with its whole history.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person or they have been erased; [`Error::LedgerBroken`].
pub async fn list(ctx: &Ctx, subject: ContactId, controller: &Controller) -> Result<Vec<Json>> {
    let keys = ctx.keys().await?;
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    if subject_keys.data().is_err() {
        return Err(Error::NotFound("contact"));
    }
    let events = ledger::open(ctx, &keys, subject, &subject_keys).await?;
    let desk = Desk {
        controller,
        purposes: purposes::list(ctx).await?,
        pseudonym: BASE64URL_NOPAD.encode(&ledger::pseudonym(&keys, subject)),
    };
    let pair = ledger::signing_key(ctx).await?;
    let mut receipts = Vec::new();
    for claim in claims::list(ctx, subject).await? {
        let mut receipt = desk.write(ctx, &claim, &events).await?;
        let text = canonical(&Json::Object(receipt.clone())).ok_or(Error::Corrupt("receipt"))?;
        let sig = json!({
            "alg": "Ed25519",
            "key": HEXLOWER.encode(pair.public_key().as_ref()),
            "value": BASE64URL_NOPAD.encode(pair.sign(text.as_bytes()).as_ref()),
        });
        receipt.insert("sig".into(), sig);
        receipts.push(Json::Object(receipt));
    }
    Ok(receipts)
}

/// The workspace's public key, in hex, by which its receipts are checked.
///
/// # Errors
/// When the store fails.
pub async fn public_key(ctx: &Ctx) -> Result<String> {
    Ok(HEXLOWER.encode(ledger::signing_key(ctx).await?.public_key().as_ref()))
}

/// Checks a receipt against the key that it names. Whose key that is, only the one who published
/// it knows: compare it with [`public_key`].
pub fn check(receipt: &Json) -> Seal {
    let Some(mut members) = receipt.as_object().cloned() else { return Seal::Foreign };
    let Some(sig) = members.remove("sig").filter(|sig| sig["alg"] == "Ed25519") else { return Seal::Foreign };
    let (Some(key), Some(value)) = (sig["key"].as_str(), sig["value"].as_str()) else { return Seal::Foreign };
    let (Ok(key), Ok(value)) = (HEXLOWER.decode(key.as_bytes()), BASE64URL_NOPAD.decode(value.as_bytes())) else {
        return Seal::Broken;
    };
    let Some(text) = canonical(&Json::Object(members)) else { return Seal::Broken };
    match UnparsedPublicKey::new(&ED25519, key).verify(text.as_bytes(), &value) {
        Ok(()) => Seal::Intact,
        Err(_) => Seal::Broken,
    }
}

/// What all receipts of a person have in common.
struct Desk<'a> {
    controller: &'a Controller,
    purposes: Vec<PurposeEntry>,
    pseudonym: String,
}

impl Desk<'_> {
    async fn write(&self, ctx: &Ctx, claim: &Claim, events: &[Opened]) -> Result<Map<String, Json>> {
        let entry = self.purposes.iter().find(|entry| entry.code == claim.purpose.as_str());
        let mut purpose = json!({
            "id": claim.purpose,
            "dpv": entry.map_or("dpv:Purpose", |entry| entry.concept.as_str()),
            "name": entry.map_or(claim.purpose.as_str(), |entry| entry.name.as_str()),
            "basis": terms::basis(claim.basis),
            "basis_type": claim.basis,
            "channels": [claim.channel],
            "retention": entry.map(|entry| entry.retention.as_str()),
            "expires_at": claim.expires_at,
        });
        if let (Some(topic), Some(members)) = (claim.topic, purpose.as_object_mut()) {
            members.insert("topic".into(), json!(topic));
        }
        let history: Vec<&Opened> = events.iter().filter(|event| concerns(&event.header, claim)).collect();
        let last = history.last().ok_or(Error::Corrupt("claim without an event"))?;
        let notice = history.iter().rev().find_map(|event| event.header["notice"].as_str());
        let receipt = json!({
            "@context": "https://w3id.org/dpv",
            "type": "ConsentReceipt",
            "schema": SCHEMA,
            "id": claim.event,
            "subject": self.pseudonym,
            "controller": { "name": self.controller.name, "postal_address": self.controller.postal_address },
            "jurisdiction": "eu-gdpr",
            "notice": self.notice(ctx, notice).await?,
            "purposes": [purpose],
            "state": terms::state(claim.state),
            "events": history.iter().map(|event| told(event)).collect::<Vec<_>>(),
            "rights": self.controller.rights,
            "chain": { "seq": last.seq, "event": last.header["id"], "commit": last.header["commit"] },
            "issued_at": ctx.now(),
        });
        match receipt {
            Json::Object(members) => Ok(members),
            _ => Err(Error::Corrupt("receipt")),
        }
    }

    async fn notice(&self, ctx: &Ctx, id: Option<&str>) -> Result<Json> {
        let Some(id) = id.and_then(|id| id.parse::<NoticeId>().ok()) else { return Ok(Json::Null) };
        match notices::get(ctx, id).await {
            Ok(notice) => Ok(json!({
                "id": notice.id,
                "sha256": notice.hash,
                "language": notice.language,
                "version": notice.version,
            })),
            Err(Error::NotFound(_)) => Ok(json!({ "id": id })),
            Err(error) => Err(error),
        }
    }
}

/// Whether an event speaks of this claim: a statement of the same thing, or a withdrawal with it in
/// reach.
fn concerns(header: &Json, claim: &Claim) -> bool {
    let text = |name: &str| header[name].as_str();
    let topic = text("topic").and_then(|id| id.parse::<TopicId>().ok());
    let fits = |said: Option<&str>, known: &str| said.is_none_or(|said| said == known);
    match text("kind") {
        Some("statement" | "merge") => {
            topic == claim.topic
                && text("purpose") == Some(claim.purpose.as_str())
                && text("channel") == Some(claim.channel.as_str())
                && text("basis") == Some(claim.basis.as_str())
        }
        Some("withdrawal") => {
            fits(text("purpose"), claim.purpose.as_str())
                && fits(text("channel"), claim.channel.as_str())
                && (topic.is_none() || topic == claim.topic)
        }
        _ => false,
    }
}

/// An event as the person reads it: what, when, how, and the words they saw. Who worked for the
/// sender is not theirs to know.
fn told(event: &Opened) -> Json {
    let state = event.header["state"].as_str().and_then(|state| state.parse::<ConsentState>().ok());
    let state = state.unwrap_or(ConsentState::Withdrawn);
    let payload = event.payload.as_ref();
    let said = |name: &str| payload.and_then(|payload| payload.get(name)).cloned().unwrap_or_default();
    let doi = payload.is_some_and(|payload| payload["doi"]["confirmed_at"].is_string());
    json!({
        "id": event.header["id"],
        "seq": event.seq,
        "state": terms::state(state),
        "at": event.header["at"],
        "method": if doi { json!("double_opt_in") } else { said("source") },
        "wording": if doi { payload.map(|p| p["doi"]["wording"].clone()).unwrap_or_default() } else { said("wording") },
    })
}
