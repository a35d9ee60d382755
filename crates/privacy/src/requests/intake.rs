//! What comes in from people who are not signed in. It is written down the same way whether the
//! address is known or not, and looked up later by a job: an answer, and the time it takes, tells
//! nobody who is known here.

use kernel::{RequestId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, NewJob, PersonalTable, params};

use super::model::{Content, RequestKind, Via};
use crate::{Error, Result};

/// The queue of what came in; people looks up whose it is. Payload: `intake`.
pub const INTAKE_QUEUE: &str = "privacy.intake";

const COLUMN: &str = "data_request_intake.sealed";

store::sql! {
    INSERT = "INSERT INTO data_request_intake (workspace, id, at, sealed) VALUES ($1, $2, $3, $4)";
    GET = "SELECT at, sealed FROM data_request_intake WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM data_request_intake WHERE workspace = $1 AND id = $2";
    DUE = "SELECT NULL, at, id FROM data_request_intake WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
}

/// Something that came in from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Intake {
    /// What is asked for.
    pub kind: RequestKind,
    /// How it came.
    pub via: Via,
    /// It concerns a child.
    pub child: bool,
    /// When it came.
    pub received_at: Timestamp,
    /// What was asked; `requester` is the address that was given.
    pub content: Content,
}

/// Writes down what came in and names the request that it may become.
///
/// # Errors
/// [`Error::Invalid`] by field; store errors.
pub async fn intake(ctx: &Ctx, intake: &Intake) -> Result<RequestId> {
    intake.content.check(intake.kind)?;
    let id: RequestId = ctx.id();
    let plain = serde_json::to_vec(intake).map_err(|_| Error::Corrupt("intake"))?;
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, intake.received_at, ctx.keys().await?.seal(COLUMN, &plain)]);
    batch.job(NewJob::now(INTAKE_QUEUE, json!({ "intake": id })));
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// What came in under an id; `None` when it was settled.
///
/// # Errors
/// When the store fails.
pub async fn read(ctx: &Ctx, id: RequestId) -> Result<Option<Intake>> {
    let row: Option<(Timestamp, Vec<u8>)> = ctx.db.get(GET, params![ctx.workspace, id]).await?;
    let Some((_, sealed)) = row else { return Ok(None) };
    let plain = ctx.keys().await?.open(COLUMN, &sealed)?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| Error::Corrupt("intake"))
}

/// Deletes what came in, once it became a request or nothing.
///
/// # Errors
/// When the store fails.
pub async fn settle(ctx: &Ctx, id: RequestId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

store::personal!(PersonalTable {
    table: "data_request_intake",
    class: "request.intake",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("nobody knows yet whose it is; gone within moments, at the latest after seven days"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "data_request_intake",
    class: "request.intake",
    covers: &[],
    event: "it came in",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[DELETE],
    before: None,
    after: None,
});
