//! Data minimisation: which fields nothing has read for ninety days, and the deletion of their values.
//!
//! "Just in case" is no purpose: a field that no message, segment, export, form or answer reads is
//! proposed for deletion, and a telephone number that nobody may call or text is pointed out.

use std::collections::BTreeSet;

use accounts::audit;
use kernel::{ContactId, Problem};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, Feed, NewJob, params};

use crate::contacts::{self, Standard};
use crate::segments::conditions::Where;
use crate::segments::live::Live;
use crate::{Error, Result, fields, reads};

/// Days without a read after which a field is proposed for deletion.
pub const QUIET_DAYS: i32 = 90;
/// The queue of deletions of a field's values; the payload names the field as `key`.
pub const QUEUE: &str = "people.field_values";
/// Contacts per commit.
const CHUNK: u32 = 200;
/// Seconds after which the job is given back, well within its lease.
const SLICE: i64 = 45;

store::sql! {
    PHONE_PURPOSE = "SELECT 1 FROM claim WHERE workspace = $1 AND channel IN ('sms', 'voice', 'whatsapp', 'messenger')
        AND state IN ('given', 'renewed') LIMIT 1";
    CONTACT_IDS = "SELECT id FROM contact WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
}

/// A field that nothing reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What it is kept for, where that is stated.
    pub purpose: Option<String>,
    /// How many contacts have a value.
    pub values: u64,
    /// The last day on which anything read it.
    pub last_read: Option<String>,
    /// What read it then.
    pub last_reader: Option<String>,
    /// Why it is listed: `not_read`, or `no_phone_purpose`.
    pub reason: &'static str,
    /// What is proposed: `delete_values`.
    pub proposal: &'static str,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Since which day reads are marked; a field is never listed before it was watched for ninety days.
    pub watched_since: Option<String>,
    /// Fields to delete.
    pub items: Vec<Unused>,
}

/// Standard fields that only messages, segments and people read. The others are read by Barid itself:
/// language chooses the variant, country, kind and time zone decide at the gate.
const CANDIDATES: [(&str, &str); 4] =
    [("first_name", "first name"), ("last_name", "last name"), ("company", "company"), ("phone", "phone number")];

/// Fields with values that nothing has read for ninety days.
///
/// # Errors
/// When the store fails or the index is being built.
pub async fn report(ctx: &Ctx, live: &Live) -> Result<Report> {
    reads::mark(ctx, reads::Reader::Form, &[]).await?;
    let (marks, today) = (reads::marks(ctx).await?, ctx.now().day());
    let watched = marks.since().unwrap_or(today);
    let callable = phone_has_purpose(ctx).await?;
    let custom = fields::list(ctx).await?;
    let all = CANDIDATES.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned(), None, watched)).chain(
        custom.into_values().map(|field| {
            let since = field.created_at.day().max(watched);
            (field.key, field.label, Some(field.purpose), since)
        }),
    );
    // A form that people fill in reads its fields whenever it is shown.
    let asked: BTreeSet<String> = crate::forms::list(ctx)
        .await?
        .into_iter()
        .filter(|form| form.archived_at.is_none())
        .flat_map(|form| form.definition.fields.into_iter().map(|field| field.key))
        .collect();
    let mut items = Vec::new();
    for (key, label, purpose, since) in all {
        let last = marks.last(&key);
        let quiet = today - last.map_or(since, |(day, _)| day.max(since)) >= QUIET_DAYS;
        let uncallable = key == "phone" && !callable;
        if asked.contains(&key) || (!quiet && !uncallable) {
            continue;
        }
        let values = live.count(ctx, &holders(&key)?).await?.count;
        if values == 0 {
            continue;
        }
        items.push(Unused {
            key,
            label,
            purpose,
            values,
            last_read: last.map(|(day, _)| reads::day_start(day).date().to_string()),
            last_reader: last.map(|(_, reader)| reader.to_owned()),
            reason: if uncallable { "no_phone_purpose" } else { "not_read" },
            proposal: "delete_values",
        });
    }
    Ok(Report { watched_since: marks.since().map(|day| reads::day_start(day).date().to_string()), items })
}

/// Whether anybody of the workspace may be called or texted at all.
///
/// # Errors
/// When the store fails.
pub async fn phone_has_purpose(ctx: &Ctx) -> Result<bool> {
    Ok(ctx.db.opt::<(i64,)>(PHONE_PURPOSE, params![ctx.workspace]).await?.is_some())
}

fn holders(key: &str) -> Result<Where> {
    let field =
        if key == "phone" || Standard::named(key).is_some() { key.to_owned() } else { format!("attributes.{key}") };
    Ok(Where::from_json(&json!({"field": field, "op": "exists"})).map_err(Problem::from)?)
}

/// Starts the deletion of every value of a field. The field itself stays defined.
///
/// # Errors
/// A problem with `key` for the address, without which nobody could be found again, and for unknown fields.
pub async fn delete_values(ctx: &Ctx, key: &str) -> Result<()> {
    let standard = Standard::named(key).is_some() || key == "phone";
    if key == "email" {
        return Err(Problem::field("key", "people are known by their address; erase the contact instead").into());
    }
    if !standard && !fields::list(ctx).await?.contains_key(key) {
        return Err(Error::NotFound("field"));
    }
    let mut batch = ctx.batch();
    audit::record(&mut batch, ctx, "field.values_deleted", &[&key]);
    let payload = json!({"key": key, "actor": ctx.actor.to_string()});
    batch.job(NewJob::now(QUEUE, payload).key(key.to_owned()));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes the values of fields.
pub struct FieldValues;

impl Handler for FieldValues {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let key = job.payload.get("key").and_then(Json::as_str).ok_or("the job names no field")?.to_owned();
            let ctx = core.ctx(job.workspace, Actor::System);
            purge(&ctx, &key).await.map_err(|error| error.to_string())
        })
    }
}

/// Goes over all contacts from the first one: what was done already has no value any more.
async fn purge(ctx: &Ctx, key: &str) -> Result<Outcome> {
    let until = ctx.now().plus_seconds(SLICE);
    let mut after = ContactId([0; 16]);
    loop {
        let ids: Vec<(ContactId,)> = ctx.db.all(CONTACT_IDS, params![ctx.workspace, after, CHUNK]).await?;
        let ids: Vec<ContactId> = ids.into_iter().map(|row| row.0).collect();
        for id in &ids {
            match contacts::drop_value(ctx, *id, key).await {
                // Changed meanwhile, or gone: the first is done again, the second is done.
                Err(Error::Store(store::Error::Guard(_))) => return Ok(Outcome::Again(ctx.now().plus_seconds(1))),
                Err(Error::NotFound(_)) => {}
                other => drop(other?),
            }
        }
        let Some(last) = ids.last().copied().filter(|_| ids.len() == CHUNK as usize) else { break };
        if ctx.now() >= until {
            return Ok(Outcome::Again(ctx.now()));
        }
        after = last;
    }
    let mut batch = ctx.batch();
    reads::forget(&mut batch, key);
    audit::record(&mut batch, ctx, "field.values_gone", &[&key]);
    batch.feed(Feed { kind: "field.cleared", entity: ctx.workspace.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(Outcome::Done)
}
