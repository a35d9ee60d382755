//! The access pack: everything about one person as one JSON document, kept sealed for two weeks.

use std::collections::BTreeMap;

use kernel::{ContactId, EventId, RequestId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueRow, FromValue, PersonalTable, params};

use super::model::{Request, rights_authority};
use super::own;
use super::redact::Redactor;
use crate::answer::{Answer, answer};
use crate::retention::{self, Settings};
use crate::{Error, Result, disclosures, processors, purposes};

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
    DUE = "SELECT subject, expires_at, request, id FROM data_request_pack WHERE workspace = $1 AND expires_at <= $2
        ORDER BY expires_at LIMIT $3";
    END = "DELETE FROM data_request_pack WHERE workspace = $1 AND request = $2 AND id = $3";
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
    let settings = retention::settings(ctx).await?;
    let (mut data, mut messages) = (Vec::new(), Vec::new());
    for section in answers.iter().flat_map(|answer| &answer.sections) {
        match section.table {
            "delivery" => {
                messages.extend(section.records.iter().map(|record| with_end(record, section.class, &settings)));
            }
            // Shown as recipients, bases and the like.
            "disclosure" | "data_request_pack" => {}
            _ => data.push(json!(section)),
        }
    }
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
        "recipients": recipients(ctx, &parts.subjects).await?,
        "blocks": all(|answer| json!(answer.suppressions)),
        "retention": ends(ctx, &settings, (&answers, &parts.subjects)).await?,
        "holds": all(|answer| json!(answer.holds)),
        "automated_decisions": "each message names the rule that allowed or refused it; nobody is profiled beyond that",
        "rights": {
            "can_ask_for": super::RequestKind::ALL,
            "complain_to": rights_authority(parts.country.as_deref()).map(|(name, url)| json!({"name": name, "url": url})),
        },
    }))
}

/// Everybody who received the person's data: who was handed them, and who works on everybody's.
async fn recipients(ctx: &Ctx, subjects: &[ContactId]) -> Result<Vec<Json>> {
    let mut disclosed = disclosures::general(ctx).await?;
    for subject in subjects {
        disclosed.extend(disclosures::of_subject(ctx, *subject).await?);
    }
    let shown = |recipient: &disclosures::Disclosed| {
        json!({
            "recipient": recipient.recipient, "kind": recipient.kind, "categories": recipient.categories,
            "purpose": recipient.purpose, "first_at": recipient.first_at, "last_at": recipient.last_at,
            "times": recipient.times, "everybody": recipient.subject.is_none(),
        })
    };
    let mut out: Vec<Json> = disclosed.iter().map(shown).collect();
    out.extend(processors::published(ctx).await?.processors.iter().map(|one| {
        json!({
            "recipient": one.name, "kind": one.role.map_or_else(|| json!("processor"), |role| json!(role)),
            "categories": one.data_categories, "purpose": one.service,
            "since": one.since, "location": one.location, "countries": one.countries, "mechanism": one.mechanism,
            "everybody": true,
        })
    }));
    Ok(out)
}

/// A message with the instant at which its record ends.
fn with_end(record: &Json, class: &str, settings: &Settings) -> Json {
    let mut out = record.clone();
    let created = record["created_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    if let Some(at) = created {
        out["kept_until"] = json!(settings.period_of(class).after(at));
    }
    out
}

/// Class by class: which records, for how long and from when on, and the day where it is known already.
async fn ends(ctx: &Ctx, settings: &Settings, of: (&[Answer], &[ContactId])) -> Result<Vec<Json>> {
    let (answers, subjects) = of;
    let mut due: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for subject in subjects {
        for (class, at) in retention::due_of(ctx, settings, *subject).await? {
            due.entry(class).and_modify(|known| *known = at.min(*known)).or_insert(at);
        }
    }
    let mut classes: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for section in answers.iter().flat_map(|answer| &answer.sections) {
        // Who has no relationship yet is a lead, and ends as one.
        let lead = ["marketing.lead", "marketing.lead_enriched"].into_iter().find(|lead| due.contains_key(lead));
        let class = lead.filter(|_| section.class == "marketing.contact").unwrap_or(section.class);
        let class = classes.entry(class).or_default();
        class.0.push(section.table);
        class.1.extend(section.kept);
    }
    Ok(classes
        .into_iter()
        .map(|(name, (mut tables, mut kept))| {
            tables.sort_unstable();
            tables.dedup();
            kept.sort_unstable();
            kept.dedup();
            json!({
                "class": name,
                "records": tables,
                "period": settings.period_of(name),
                "runs_from": retention::named(name).map(|class| class.trigger),
                "due_at": due.get(name),
                "kept_after_erasure": kept,
            })
        })
        .collect())
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

/// The key of a pack goes first: nothing of it can be read in any backup.
fn forget_keys<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let ids = rows.iter().filter_map(|row| row.key.get(1).cloned());
        let ids = ids.map(ContactId::from_value).collect::<store::Result<Vec<_>>>()?;
        ctx.vault.destroy_data_keys(ctx.workspace, &ids).await
    })
}

store::retention!(store::RetentionRule {
    table: "data_request_pack",
    class: "request.content",
    covers: &[],
    event: "the pack's two weeks are over",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: Some(forget_keys),
    after: None,
});
