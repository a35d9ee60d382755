use kernel::{ContactId, IncidentId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, SubjectKeys, params};

use super::record;
use crate::{Result, entry};

const COLUMN: &str = "incident_subject.sealed";
/// People added in one commit.
const CHUNK: usize = 500;

store::sql! {
    INSERT = "INSERT INTO incident_subject (workspace, incident, subject, added_at, sealed) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, incident, subject) DO NOTHING";
    LIST = "SELECT subject, added_at FROM incident_subject WHERE workspace = $1 AND incident = $2 AND subject > $3
        ORDER BY subject LIMIT $4";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM incident_subject WHERE workspace = $1 AND incident = $2";
    OF_SUBJECT = "SELECT incident, added_at, sealed FROM incident_subject WHERE workspace = $1 AND subject = $2";
    DUE = "SELECT s.subject, i.closed_at, s.incident, s.subject FROM incident i
        JOIN incident_subject s ON s.workspace = i.workspace AND s.incident = i.id
        WHERE i.workspace = $1 AND i.closed_at IS NOT NULL AND i.closed_at < $2 ORDER BY i.closed_at LIMIT $3";
    END = "DELETE FROM incident_subject WHERE workspace = $1 AND incident = $2 AND subject = $3";
    ERASE = "DELETE FROM incident_subject WHERE workspace = $1 AND subject = $2";
}

/// Puts people on the list of those whom an incident concerns, with how they came onto it; who is there
/// stays. Unknown and erased people are left out. Answers how many are on the list.
///
/// # Errors
/// [`crate::Error::NotFound`]; 409 when the incident is closed.
pub async fn affect(ctx: &Ctx, id: IncidentId, people: &[ContactId], how: &str) -> Result<u64> {
    let incident = record::get(ctx, id).await?;
    if incident.closed_at.is_some() {
        return Err(entry::conflict("this incident is closed"));
    }
    let how = entry::line("how", how)?;
    let plain = json!({ "categories": incident.details.data_categories, "how": how }).to_string();
    for chunk in people.chunks(CHUNK) {
        let keys = ctx.vault.subjects(ctx.workspace, chunk).await?;
        let mut batch = ctx.batch();
        for (subject, keys) in chunk.iter().zip(keys) {
            let Ok(key) = keys.data() else { continue };
            let sealed = key.seal(&ctx.aad(*subject, COLUMN), plain.as_bytes(), ctx.rng.as_ref());
            batch.push(INSERT, params![ctx.workspace, id, *subject, ctx.now(), sealed]);
        }
        if !batch.is_empty() {
            ctx.db.apply(batch).await?;
        }
    }
    let mut batch = ctx.batch();
    accounts::audit::record(&mut batch, ctx, "incident.people_listed", &[&id]);
    ctx.db.apply(batch).await?;
    affected_count(ctx, id).await
}

/// How many people are on the list.
///
/// # Errors
/// When the store fails.
pub async fn affected_count(ctx: &Ctx, id: IncidentId) -> Result<u64> {
    Ok(ctx.db.one::<(u64,)>(COUNT, params![ctx.workspace, id]).await?.0)
}

/// The list, by id, after `after` when given.
///
/// # Errors
/// [`crate::Error::NotFound`]; store errors.
pub async fn affected(
    ctx: &Ctx,
    id: IncidentId,
    after: Option<ContactId>,
    limit: u32,
) -> Result<Vec<(ContactId, Timestamp)>> {
    record::get(ctx, id).await?;
    let after = after.unwrap_or(ContactId([0; 16]));
    Ok(ctx.db.all(LIST, params![ctx.workspace, id, after, limit]).await?)
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<(IncidentId, Timestamp, Vec<u8>)> =
            ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let key = keys.data()?;
        rows.into_iter()
            .map(|(incident, at, sealed)| {
                let plain = key.open(&ctx.aad(subject, COLUMN), &sealed)?;
                let detail: Json = serde_json::from_slice(&plain).unwrap_or_default();
                Ok(json!({ "incident": incident, "at": at, "concerned": detail }))
            })
            .collect()
    })
}

store::personal!(store::PersonalTable {
    table: "incident_subject",
    class: "incident",
    subject: "subject",
    columns: &["sealed"],
    erase: &[ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "incident_subject",
    class: "incident",
    covers: &[],
    event: "the incident was closed",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
