//! The access pack: everything about one person as one JSON document, kept sealed for two weeks.

use std::collections::BTreeMap;

use kernel::{ContactId, EventId, RequestId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Ctx, PersonalTable, params};

use super::model::{Request, rights_authority};
use super::own;
use super::redact::Redactor;
use crate::answer::{Answer, answer};
use crate::{Error, Result, disclosures, purposes};

/// The name and version of the document's form; described in docs/reference/access-pack.md.
pub const PACK_FORMAT: &str = "barid-access-pack/1";
/// Seconds for which a pack can be downloaded.
pub const PACK_LIFE: i64 = 14 * 86_400;

const OUTER: &str = "data_request_pack.outer";
const INNER: &str = "data_request_pack.sealed";

store::sql! {
    INSERT = "INSERT INTO data_request_pack (workspace, request, id, subject, made_at, expires_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (workspace, request) DO UPDATE SET
            id = excluded.id, made_at = excluded.made_at, expires_at = excluded.expires_at, sealed = excluded.sealed";
    GET = "SELECT id, subject, expires_at, sealed FROM data_request_pack WHERE workspace = $1 AND request = $2";
    pub(super) OVER = "SELECT id, request FROM data_request_pack WHERE workspace = $1 AND expires_at <= $2
        ORDER BY expires_at LIMIT 500";
    pub(super) DELETE = "DELETE FROM data_request_pack WHERE workspace = $1 AND request = $2";
    ERASE = "DELETE FROM data_request_pack WHERE workspace = $1 AND subject = $2";
}

/// What a pack is made of besides what the register of personal tables holds.
#[derive(Debug)]
pub struct PackParts {
    /// The person, and contacts that were merged into them.
    pub subjects: Vec<ContactId>,
    /// Who answers: name, postal address, contact.
    pub organisation: Json,
    /// The person's country, for the authority where they can complain.
    pub country: Option<String>,
}

/// Everything about a person, before anybody else is masked in it.
///
/// # Errors
/// When the store fails, a record is damaged, or the evidence does not verify.
pub async fn assemble(ctx: &Ctx, request: &Request, parts: &PackParts) -> Result<Json> {
    let mut answers: Vec<Answer> = Vec::new();
    for subject in &parts.subjects {
        match answer(ctx, *subject).await {
            Ok(answer) => answers.push(answer),
            Err(Error::NotFound(_)) if !answers.is_empty() => {}
            Err(error) => return Err(error),
        }
    }
    let mut recipients = disclosures::general(ctx).await?;
    for subject in &parts.subjects {
        recipients.extend(disclosures::of_subject(ctx, *subject).await?);
    }
    let mut classes: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    let (mut data, mut messages) = (Vec::new(), Vec::new());
    for section in answers.iter().flat_map(|answer| &answer.sections) {
        let class = classes.entry(section.class).or_default();
        class.0.push(section.table);
        class.1.extend(section.kept);
        match section.table {
            "delivery" => messages.extend(section.records.iter().cloned()),
            // Shown as recipients, bases and the like.
            "disclosure" | "data_request_pack" => {}
            _ => data.push(json!(section)),
        }
    }
    let retention: Vec<Json> = classes
        .into_iter()
        .map(|(class, (mut tables, mut kept))| {
            tables.dedup();
            kept.dedup();
            json!({ "class": class, "records": tables, "kept_after_erasure": kept })
        })
        .collect();
    let shown = |recipient: &disclosures::Disclosed| {
        json!({
            "recipient": recipient.recipient, "kind": recipient.kind, "categories": recipient.categories,
            "purpose": recipient.purpose, "first_at": recipient.first_at, "last_at": recipient.last_at,
            "times": recipient.times, "everybody": recipient.subject.is_none(),
        })
    };
    let all = |pick: fn(&Answer) -> Json| -> Vec<Json> {
        answers.iter().flat_map(|answer| pick(answer).as_array().cloned().unwrap_or_default()).collect()
    };
    Ok(json!({
        "format": PACK_FORMAT,
        "made_at": ctx.now(),
        "request": { "id": request.id, "type": request.kind, "received_at": request.received_at },
        "organisation": parts.organisation,
        "subject": parts.subjects.first(),
        "purposes": purposes::list(ctx).await?,
        "bases": all(|answer| json!(answer.basis)),
        "data": data,
        "sources": all(|answer| json!(answer.sources)),
        "messages": messages,
        "recipients": recipients.iter().map(shown).collect::<Vec<_>>(),
        "blocks": all(|answer| json!(answer.suppressions)),
        "retention": retention,
        "automated_decisions": "each message names the rule that allowed or refused it; nobody is profiled beyond that",
        "rights": {
            "can_ask_for": super::RequestKind::ALL,
            "complain_to": rights_authority(parts.country.as_deref()).map(|(name, url)| json!({"name": name, "url": url})),
        },
    }))
}

/// Masks everybody else in a pack and keeps it for [`PACK_LIFE`], sealed under the person's data key
/// and a key of its own that dies with the term.
///
/// # Errors
/// When the person was erased meanwhile, or the store fails.
pub async fn keep_pack(
    ctx: &Ctx,
    request: RequestId,
    subject: ContactId,
    mut pack: Json,
    mut redactor: Redactor,
) -> Result<Json> {
    for part in ["data", "messages", "sources", "bases"] {
        if let Some(part) = pack.get_mut(part) {
            redactor.json(part);
        }
    }
    pack["masked"] = json!(redactor.count());
    let id: EventId = ctx.id();
    let person = ctx.vault.subject(ctx.workspace, subject).await?;
    let inner = person.data()?.seal(&ctx.aad(subject, INNER), pack.to_string().as_bytes(), ctx.rng.as_ref());
    let keys = ctx.vault.create_subjects(ctx.workspace, &[ContactId(id.0)]).await?.pop().unwrap_or_default();
    let sealed = keys.data()?.seal(&ctx.aad(own(request), OUTER), &inner, ctx.rng.as_ref());
    let (now, mut batch) = (ctx.now(), ctx.batch());
    batch.push(INSERT, params![ctx.workspace, request, id, subject, now, now.plus_seconds(PACK_LIFE), sealed]);
    ctx.db.apply(batch).await?;
    Ok(pack)
}

/// The pack of a request with the instant at which it goes; `None` when there is none (any more).
///
/// # Errors
/// When the store fails or the record is damaged.
pub async fn pack_of(ctx: &Ctx, request: RequestId) -> Result<Option<(Json, Timestamp)>> {
    let row: Option<(EventId, ContactId, Timestamp, Vec<u8>)> =
        ctx.db.get(GET, params![ctx.workspace, request]).await?;
    let Some((id, subject, expires, sealed)) = row.filter(|row| ctx.now() < row.2) else { return Ok(None) };
    let keys = ctx.vault.subjects(ctx.workspace, &[ContactId(id.0), subject]).await?;
    let [outer, person] = keys.as_slice() else { return Ok(None) };
    let (Ok(outer), Ok(person)) = (outer.data(), person.data()) else { return Ok(None) };
    let inner = outer.open(&ctx.aad(own(request), OUTER), &sealed)?;
    let plain = person.open(&ctx.aad(subject, INNER), &inner)?;
    let pack = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("access pack"))?;
    Ok(Some((pack, expires)))
}

store::personal!(PersonalTable {
    table: "data_request_pack",
    class: "request.content",
    subject: "subject",
    columns: &["sealed"],
    erase: &[ERASE],
    kept: None,
    collect: None,
});
