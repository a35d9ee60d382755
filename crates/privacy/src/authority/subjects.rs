use kernel::{AuthorityRequestId, ContactId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, SubjectKeys, params};

use super::record;
use crate::{Result, entry};

/// The most people of one request.
const MOST: usize = 10_000;

store::sql! {
    INSERT = "INSERT INTO authority_subject (workspace, request, subject, added_at, disclosed_at)
        VALUES ($1, $2, $3, $4, NULL)
        ON CONFLICT (workspace, request, subject) DO NOTHING";
    LIST = "SELECT subject FROM authority_subject WHERE workspace = $1 AND request = $2 ORDER BY subject LIMIT $3";
    DISCLOSED = "UPDATE authority_subject SET disclosed_at = $4
        WHERE workspace = $1 AND request = $2 AND subject = $3 AND disclosed_at IS NULL";
    DISCLOSED_PEOPLE = "SELECT subject FROM authority_subject
        WHERE workspace = $1 AND request = $2 AND disclosed_at IS NOT NULL ORDER BY subject LIMIT $3";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM authority_subject WHERE workspace = $1 AND request = $2";
    DUE = "SELECT subject, added_at, request, subject FROM authority_subject
        WHERE workspace = $1 AND added_at < $2 ORDER BY added_at LIMIT $3";
    END = "DELETE FROM authority_subject WHERE workspace = $1 AND request = $2 AND subject = $3";
    /// What may be told: nothing that the law still bars.
    OF_SUBJECT = "SELECT s.request, s.disclosed_at FROM authority_subject s
        JOIN authority_request r ON r.workspace = s.workspace AND r.id = s.request
        WHERE s.workspace = $1 AND s.subject = $2 AND s.disclosed_at IS NOT NULL
        AND (r.barred_until IS NULL OR r.barred_until <= $3)";
}

/// Names the people whom a request concerns; answers how many there are.
///
/// # Errors
/// 409 when the request is closed or names too many; [`crate::Error::NotFound`] for an unknown person.
pub async fn put(ctx: &Ctx, id: AuthorityRequestId, people: &[ContactId]) -> Result<u64> {
    let request = record::get(ctx, id).await?;
    if request.closed_at.is_some() {
        return Err(entry::conflict("this request is closed"));
    }
    if people.len() > MOST || request.people as usize + people.len() > MOST {
        return Err(entry::conflict("a request concerns at most 10000 people"));
    }
    let mut batch = ctx.batch();
    for (subject, keys) in people.iter().zip(ctx.vault.subjects(ctx.workspace, people).await?) {
        if keys.data().is_err() {
            return Err(crate::Error::NotFound("contact"));
        }
        batch.push(INSERT, params![ctx.workspace, id, *subject, ctx.now()]);
    }
    accounts::audit::record(&mut batch, ctx, "authority_request.people_named", &[&id]);
    ctx.db.apply(batch).await?;
    count(ctx, id).await
}

/// The people whom a request concerns.
///
/// # Errors
/// When the store fails.
pub async fn people(ctx: &Ctx, id: AuthorityRequestId) -> Result<Vec<ContactId>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(LIST, params![ctx.workspace, id, MOST]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The people whose records were handed out.
pub(super) async fn concerned(ctx: &Ctx, id: AuthorityRequestId) -> Result<Vec<ContactId>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(DISCLOSED_PEOPLE, params![ctx.workspace, id, MOST]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Notes in the caller's batch that records of this person were handed out.
pub(super) fn disclosed(batch: &mut store::Batch, ctx: &Ctx, id: AuthorityRequestId, subject: ContactId) {
    batch.push(DISCLOSED, params![ctx.workspace, id, subject, ctx.now()]);
}

pub(super) async fn count(ctx: &Ctx, id: AuthorityRequestId) -> Result<u64> {
    Ok(ctx.db.one::<(u64,)>(COUNT, params![ctx.workspace, id]).await?.0)
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<(AuthorityRequestId, Timestamp)> =
            ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject, ctx.now()]).await?;
        Ok(rows.into_iter().map(|(request, at)| json!({ "request": request, "handed_out_at": at })).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "authority_subject",
    class: "evidence",
    subject: "subject",
    columns: &[],
    erase: &[],
    kept: Some("that an authority compelled the disclosure of records, for legal claims; ids only"),
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "authority_subject",
    class: "evidence",
    covers: &[],
    event: "the person was named",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
