//! What verifications hold about a person, for erasure, access answers and retention.

use kernel::ContactId;
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, Result, RetentionRule, SubjectKeys, params};

use super::begin::SEALED;
use super::model::{Kept, Whom};
use super::queries as sql;

fn collect<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Kept> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        let whom = |sealed: Option<&[u8]>| -> Option<Whom> {
            let plain = keys.data().ok()?.open(&ctx.aad(contact, SEALED), sealed?).ok()?;
            serde_json::from_slice(&plain).ok()
        };
        Ok(rows
            .into_iter()
            .map(|kept| {
                let whom = whom(kept.sealed.as_deref());
                json!({
                    "id": kept.view.id,
                    "to": whom.as_ref().map(|whom| &whom.to),
                    "reference": whom.as_ref().and_then(|whom| whom.reference.as_ref()),
                    "sent": kept.view.sent,
                    "state": kept.view.state,
                    "reason": kept.view.reason,
                    "attempts": kept.view.attempts,
                    "created_at": kept.view.created_at,
                    "finished_at": kept.view.finished_at,
                })
            })
            .collect())
    })
}

store::personal!(PersonalTable {
    table: "verification",
    class: "comms.traffic",
    subject: "contact",
    columns: &["address", "block", "origin", "sealed"],
    erase: &[sql::ERASE],
    kept: None,
    collect: Some(collect),
});

store::retention!(RetentionRule {
    table: "verification",
    class: "comms.traffic",
    covers: &[],
    event: "the verification began",
    due_by: DueBy::Id,
    find: sql::DUE,
    end: &[sql::FORGET],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "verification",
    class: "comms.content",
    covers: &[],
    event: "the verification began",
    due_by: DueBy::Id,
    find: sql::DUE_CONTENT,
    end: &[sql::EMPTY],
    before: None,
    after: None,
});
