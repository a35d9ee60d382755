//! The audit trail: who did what to which object, and when. Rows are only ever added, and end
//! with their retention class.

mod queries;

use std::fmt::Display;

use kernel::{AuditId, Timestamp, WorkspaceId};
use serde_json::Value as Json;
use store::{Actor, Batch, Core, Ctx, WorkspaceKeys, params};

use crate::Result;

const DETAIL: &str = "audit.detail";

/// One entry of the trail.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Entry {
    /// Its id; entries sort by it.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who: `usr_…`, `key_…`, `console`, `system` or `person`.
    pub actor: String,
    /// What, as `area.verb`.
    pub action: String,
    /// The ids of what it was done to.
    pub objects: Vec<String>,
    /// More about it, when something was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Json>,
}

/// Adds an entry to the batch of the change it tells about. `objects` are ids, never names.
pub fn record(batch: &mut Batch, ctx: &Ctx, action: &'static str, objects: &[&dyn Display]) {
    push(batch, ctx, (ctx.workspace, ctx.actor), (action, objects), None);
}

/// Like [`record`], with details that rest sealed under the workspace's keys.
pub fn record_with(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    (action, objects): (&'static str, &[&dyn Display]),
    detail: &Json,
) {
    let sealed = keys.seal(DETAIL, detail.to_string().as_bytes());
    push(batch, ctx, (ctx.workspace, ctx.actor), (action, objects), Some(sealed));
}

/// Adds the same entry to several workspaces: what a person does to their own account concerns
/// every workspace they belong to.
pub(crate) fn record_everywhere(
    batch: &mut Batch,
    core: &Core,
    workspaces: &[WorkspaceId],
    actor: Actor,
    (action, objects): (&'static str, &[&dyn Display]),
) {
    for workspace in workspaces {
        push(batch, core, (*workspace, actor), (action, objects), None);
    }
}

fn push(
    batch: &mut Batch,
    core: &Core,
    (workspace, actor): (WorkspaceId, Actor),
    (action, objects): (&'static str, &[&dyn Display]),
    detail: Option<Vec<u8>>,
) {
    let objects = objects.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let id: AuditId = core.ids.next();
    batch.push(
        queries::INSERT_AUDIT,
        params![workspace, id, core.clock.now(), actor.to_string(), action, objects, detail],
    );
}

/// Entries of the workspace, newest first, older than `before` when given.
pub async fn list(ctx: &Ctx, before: Option<AuditId>, limit: u32) -> Result<Vec<Entry>> {
    type Row = (AuditId, Timestamp, String, String, String, Option<Vec<u8>>);
    let before = before.unwrap_or(AuditId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(queries::LIST_AUDIT, params![ctx.workspace, before, limit]).await?;
    let keys = ctx.keys().await?;
    rows.into_iter()
        .map(|(id, at, actor, action, objects, detail)| {
            let detail = detail.map(|sealed| keys.open(DETAIL, &sealed)).transpose()?;
            Ok(Entry {
                id,
                at,
                actor,
                action,
                objects: objects.split_whitespace().map(str::to_owned).collect(),
                detail: detail.and_then(|plain| serde_json::from_slice(&plain).ok()),
            })
        })
        .collect()
}

store::personal!(store::PersonalTable {
    table: "audit",
    class: "audit",
    subject: "",
    columns: &["detail"],
    erase: &[],
    kept: Some("who did what to which object: ids and sealed details, two years"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "audit",
    class: "audit",
    covers: &[],
    event: "the act",
    due_by: store::DueBy::Id,
    find: queries::DUE_AUDIT,
    end: &[queries::END_AUDIT],
    before: None,
    after: None,
});
