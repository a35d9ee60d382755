use data_encoding::HEXLOWER;
use kernel::{ContactId, EventId, RequestId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Batch, BoxFuture, Ctx, DueRow, FromValue, PersonalTable, SubjectKeys, params};

use super::model::{Content, Entry, Ground, Request, RequestState};
use super::own;
use crate::{Error, Result};

pub(super) const CONTENT: &str = "data_request.sealed";
pub(super) const EVIDENCE: &str = "data_request.evidence_sealed";
const NOTE: &str = "data_request_event.sealed";

store::sql! {
    pub(super) INSERT = "INSERT INTO data_request (workspace, id, kind, via, state, subject, child, actor, received_at,
            target_at, due_at, verified_at, verified_by, extended_at, closed_at, ground, result, reminded, shredded,
            version, sealed, evidence_sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL, NULL, NULL, NULL, NULL, 0, $12, 1, $13, NULL)";
    GET = "SELECT id, kind, via, state, subject, child, actor, received_at, target_at, due_at, verified_at, verified_by,
            extended_at, closed_at, ground, result, reminded, version, sealed, evidence_sealed
        FROM data_request WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, kind, via, state, subject, child, actor, received_at, target_at, due_at, verified_at, verified_by,
            extended_at, closed_at, ground, result, reminded, version, sealed, evidence_sealed
        FROM data_request WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    LIST_STATE = "SELECT id, kind, via, state, subject, child, actor, received_at, target_at, due_at, verified_at,
            verified_by, extended_at, closed_at, ground, result, reminded, version, sealed, evidence_sealed
        FROM data_request WHERE workspace = $1 AND state = $4 AND id < $2 ORDER BY id DESC LIMIT $3";
    OF_SUBJECT = "SELECT id, kind, via, state, subject, child, actor, received_at, target_at, due_at, verified_at,
            verified_by, extended_at, closed_at, ground, result, reminded, version, sealed, evidence_sealed
        FROM data_request WHERE workspace = $1 AND subject = $2 ORDER BY id DESC LIMIT 200";
    pub(super) SAVE = "UPDATE data_request SET state = $4, target_at = $5, due_at = $6, verified_at = $7,
            verified_by = $8, extended_at = $9, closed_at = $10, ground = $11, result = $12, reminded = $13, sealed = $14,
            evidence_sealed = $15, version = version + 1
        WHERE workspace = $1 AND id = $2 AND version = $3";
    INSERT_EVENT = "INSERT INTO data_request_event (workspace, request, id, at, kind, actor, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    EVENTS = "SELECT id, at, kind, actor, sealed FROM data_request_event
        WHERE workspace = $1 AND request = $2 ORDER BY id LIMIT 1000";
    pub(super) EMPTY_EVENTS = "UPDATE data_request_event SET sealed = NULL WHERE workspace = $1 AND request = $2";
    DUE = "SELECT subject, closed_at, id FROM data_request
        WHERE workspace = $1 AND closed_at IS NOT NULL AND closed_at < $2 ORDER BY closed_at LIMIT $3";
    pub(super) DROP = "DELETE FROM data_request WHERE workspace = $1 AND id = $2";
    pub(super) DROP_EVENTS = "DELETE FROM data_request_event WHERE workspace = $1 AND request = $2";
    pub(super) DROP_CHALLENGES = "DELETE FROM data_request_challenge WHERE workspace = $1 AND request = $2";
    ERASE_CONTENT = "UPDATE data_request SET sealed = NULL WHERE workspace = $1 AND subject = $2";
    ERASE_NOTES = "UPDATE data_request_event SET sealed = NULL WHERE workspace = $1 AND request IN (
            SELECT id FROM data_request WHERE workspace = $1 AND subject = $2)";
}

store::row! {
    pub(super) struct Stored {
        id: RequestId,
        kind: String,
        via: String,
        state: String,
        subject: Option<ContactId>,
        child: bool,
        actor: String,
        received_at: Timestamp,
        target_at: Timestamp,
        due_at: Timestamp,
        verified_at: Option<Timestamp>,
        verified_by: Option<String>,
        extended_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        ground: Option<String>,
        result: Option<Vec<u8>>,
        reminded: i64,
        version: i64,
        sealed: Option<Vec<u8>>,
        evidence: Option<Vec<u8>>,
    }
}

impl Stored {
    fn open(self, ctx: &Ctx, keys: &SubjectKeys) -> Result<Request> {
        let wrong = |_| Error::Corrupt("request");
        let content = match (&self.sealed, keys.data()) {
            (Some(sealed), Ok(key)) => {
                let plain = key.open(&ctx.aad(own(self.id), CONTENT), sealed)?;
                Some(serde_json::from_slice::<Content>(&plain).map_err(|_| Error::Corrupt("request"))?)
            }
            _ => None,
        };
        let explanation = match (&self.evidence, keys.evidence()) {
            (Some(sealed), Ok(key)) => {
                let plain = key.open(&ctx.aad(own(self.id), EVIDENCE), sealed)?;
                Some(String::from_utf8(plain).map_err(|_| Error::Corrupt("request"))?)
            }
            _ => None,
        };
        Ok(Request {
            id: self.id,
            kind: self.kind.parse().map_err(wrong)?,
            via: self.via.parse().map_err(wrong)?,
            state: self.state.parse().map_err(wrong)?,
            subject: self.subject,
            child: self.child,
            actor: self.actor,
            received_at: self.received_at,
            target_at: self.target_at,
            due_at: self.due_at,
            verified_at: self.verified_at,
            verified_by: self.verified_by,
            extended_at: self.extended_at,
            closed_at: self.closed_at,
            ground: self.ground.map(|ground| ground.parse().map_err(wrong)).transpose()?,
            result: self.result.map(|hash| HEXLOWER.encode(&hash)),
            reminded: self.reminded,
            version: self.version,
            content,
            explanation,
        })
    }
}

async fn open_all(ctx: &Ctx, rows: Vec<Stored>) -> Result<Vec<Request>> {
    let ids: Vec<ContactId> = rows.iter().map(|row| own(row.id)).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &ids).await?;
    rows.into_iter().zip(&keys).map(|(row, keys)| row.open(ctx, keys)).collect()
}

/// One request.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: RequestId) -> Result<Request> {
    let row: Option<Stored> = ctx.db.get(GET, params![ctx.workspace, id]).await?;
    open_all(ctx, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound("request"))
}

/// Requests, newest first, before a given one; of one state when it is named.
///
/// # Errors
/// When the store fails.
pub async fn list(
    ctx: &Ctx,
    state: Option<RequestState>,
    before: Option<RequestId>,
    limit: u32,
) -> Result<Vec<Request>> {
    let before = before.unwrap_or(RequestId([0xff; 16]));
    let rows: Vec<Stored> = match state {
        None => ctx.db.all(LIST, params![ctx.workspace, before, limit]).await?,
        Some(state) => ctx.db.all(LIST_STATE, params![ctx.workspace, before, limit, state.as_str()]).await?,
    };
    open_all(ctx, rows).await
}

/// The newest requests of one person.
///
/// # Errors
/// When the store fails.
pub async fn of_subject(ctx: &Ctx, subject: ContactId) -> Result<Vec<Request>> {
    let rows: Vec<Stored> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
    open_all(ctx, rows).await
}

/// Requests of one person that are not closed.
///
/// # Errors
/// When the store fails.
pub async fn open_of_subject(ctx: &Ctx, subject: ContactId) -> Result<Vec<Request>> {
    let mut found = of_subject(ctx, subject).await?;
    found.retain(|request| !request.state.is_closed());
    Ok(found)
}

store::row! {
    struct StoredEntry { id: EventId, at: Timestamp, kind: String, actor: String, sealed: Option<Vec<u8>> }
}

/// What happened to a request, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn timeline(ctx: &Ctx, id: RequestId) -> Result<Vec<Entry>> {
    let keys = ctx.vault.subject(ctx.workspace, own(id)).await?;
    let rows: Vec<StoredEntry> = ctx.db.all(EVENTS, params![ctx.workspace, id]).await?;
    rows.into_iter()
        .map(|row| {
            let note = match (&row.sealed, keys.data()) {
                (Some(sealed), Ok(key)) => {
                    let plain = key.open(&ctx.aad(own(id), NOTE), sealed)?;
                    Some(String::from_utf8(plain).map_err(|_| Error::Corrupt("note"))?)
                }
                _ => None,
            };
            Ok(Entry { id: row.id, at: row.at, kind: row.kind, actor: row.actor, note })
        })
        .collect()
}

/// Adds a line to a request's timeline.
pub(super) fn event(batch: &mut Batch, ctx: &Ctx, id: RequestId, kind: &str) {
    batch.push(
        INSERT_EVENT,
        params![ctx.workspace, id, ctx.id::<EventId>(), ctx.now(), kind, ctx.actor.to_string(), None::<Vec<u8>>],
    );
}

/// Adds a member's words to a request's timeline.
pub(super) fn event_with(
    batch: &mut Batch,
    ctx: &Ctx,
    (id, keys): (RequestId, &SubjectKeys),
    kind: &str,
    note: &str,
) -> Result<()> {
    let sealed = keys.data()?.seal(&ctx.aad(own(id), NOTE), note.as_bytes(), ctx.rng.as_ref());
    batch.push(
        INSERT_EVENT,
        params![ctx.workspace, id, ctx.id::<EventId>(), ctx.now(), kind, ctx.actor.to_string(), sealed],
    );
    Ok(())
}

/// Writes a request's present state; the guard holds the version it was read at.
pub(super) fn save(
    batch: &mut Batch,
    ctx: &Ctx,
    request: &Request,
    (sealed, evidence): (Option<Vec<u8>>, Option<Vec<u8>>),
) {
    let result = request.result.as_ref().and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    batch.guard(
        SAVE,
        params![
            ctx.workspace,
            request.id,
            request.version,
            request.state.as_str(),
            request.target_at,
            request.due_at,
            request.verified_at,
            request.verified_by.clone(),
            request.extended_at,
            request.closed_at,
            request.ground.map(Ground::as_str),
            result,
            request.reminded,
            sealed,
            evidence
        ],
    );
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let found = of_subject(ctx, subject).await.map_err(|error| error.problem())?;
        let shown = |request: &Request| {
            json!({
                "id": request.id, "type": request.kind, "channel": request.via, "state": request.state,
                "received_at": request.received_at, "due_at": request.due_at, "closed_at": request.closed_at,
                "verified_by": request.verified_by, "extended_at": request.extended_at, "ground": request.ground,
                "explanation": request.explanation, "content": request.content,
            })
        };
        Ok(found.iter().map(shown).collect())
    })
}

store::personal!(PersonalTable {
    table: "data_request",
    class: "request.shell",
    subject: "subject",
    columns: &["sealed", "evidence_sealed"],
    erase: &[ERASE_NOTES, ERASE_CONTENT],
    kept: Some("confirmation that a request was answered: type, dates and hash of the result; five years"),
    collect: Some(collect),
});

store::personal!(PersonalTable {
    table: "data_request_event",
    class: "request.shell",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("belongs to a request; its words go with the request's own key"),
    collect: None,
});

/// What a request said and how it was refused cannot be read any more, before its shell goes.
fn forget_keys<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let ids = rows.iter().filter_map(|row| row.key.first().cloned());
        let ids = ids.map(|id| Ok(own(RequestId::from_value(id)?))).collect::<store::Result<Vec<_>>>()?;
        ctx.vault.destroy_data_keys(ctx.workspace, &ids).await?;
        ctx.vault.destroy_evidence_keys(ctx.workspace, &ids).await
    })
}

store::retention!(store::RetentionRule {
    table: "data_request",
    class: "request.shell",
    covers: &["data_request_event"],
    event: "the request was closed",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[DROP_EVENTS, DROP_CHALLENGES, DROP],
    before: Some(forget_keys),
    after: None,
});
