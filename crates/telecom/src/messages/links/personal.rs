//! What short links hold about a person, for erasure, access answers and retention.

use kernel::{ContactId, DeliveryId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, Result, RetentionRule, SubjectKeys, params};

use super::queries as sql;
use super::write::SEALED;

store::row! {
    struct Held {
        code: String,
        message: Option<DeliveryId>,
        number: i64,
        kind: String,
        created_at: Timestamp,
        sealed: Option<Vec<u8>>,
    }
}

fn links<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Held> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        let aad = ctx.aad(contact, SEALED);
        let shown = |held: Held| {
            let target = held.sealed.as_deref().and_then(|sealed| keys.data().ok()?.open(&aad, sealed).ok());
            json!({
                "link": held.code,
                "message": held.message,
                "number": held.number,
                "kind": held.kind,
                "target": target.and_then(|bytes| String::from_utf8(bytes).ok()),
                "created_at": held.created_at,
            })
        };
        Ok(rows.into_iter().map(shown).collect())
    })
}

store::personal!(PersonalTable {
    table: "short_link",
    class: "comms.traffic",
    subject: "contact",
    columns: &["sealed"],
    erase: &[sql::ERASE],
    kept: None,
    collect: Some(links),
});
store::personal!(PersonalTable {
    table: "short_click",
    class: "comms.traffic",
    subject: "message",
    columns: &[],
    erase: &[sql::ERASE_CLICKS],
    kept: None,
    collect: None,
});

store::retention!(RetentionRule {
    table: "short_link",
    class: "comms.traffic",
    covers: &[],
    event: "the link was made",
    due_by: DueBy::Instant,
    find: sql::DUE,
    end: &[sql::END],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "short_click",
    class: "comms.traffic",
    covers: &[],
    event: "the link was followed",
    due_by: DueBy::Id,
    find: sql::DUE_CLICKS,
    end: &[sql::END_CLICK],
    before: None,
    after: None,
});
