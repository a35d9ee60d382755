//! What calls hold about a person, for erasure, access answers and retention.

use kernel::{CallId, ContactId, EventId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, Result, RetentionRule, SubjectKeys, params};

use super::model::{CallState, Content, RecordingView};
use super::queries as sql;

store::row! {
    struct Held {
        id: CallId,
        direction: String,
        purpose: String,
        country: String,
        number: String,
        state: CallState,
        reason: Option<String>,
        rule: String,
        pack: String,
        basis: String,
        claim: Option<EventId>,
        created_at: Timestamp,
        answered_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        seconds: u32,
        sealed: Option<Vec<u8>>,
    }
}

fn calls<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Held> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        Ok(rows
            .into_iter()
            .map(|held| {
                let content = held.sealed.as_deref().and_then(|sealed| Content::open(ctx, contact, keys, sealed).ok());
                json!({
                    "id": held.id,
                    "channel": "voice",
                    "direction": held.direction,
                    "purpose": held.purpose,
                    "country": held.country,
                    "our_number": held.number,
                    "your_number": content.as_ref().map(|content| &content.number),
                    "said": content.as_ref().map(|content| &content.flow),
                    "state": held.state,
                    "reason": held.reason,
                    "decision": { "rule": held.rule, "pack": held.pack },
                    "basis": { "type": held.basis, "evidence": held.claim },
                    "created_at": held.created_at,
                    "answered_at": held.answered_at,
                    "finished_at": held.finished_at,
                    "seconds": held.seconds,
                })
            })
            .collect())
    })
}

fn recordings<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    let _ = keys;
    Box::pin(async move {
        let rows: Vec<RecordingView> = ctx.db.all(sql::RECORDINGS_OF, params![ctx.workspace, contact]).await?;
        Ok(rows.into_iter().map(|row| json!(row)).collect())
    })
}

store::personal!(PersonalTable {
    table: "voice_call",
    class: "comms.traffic",
    subject: "contact",
    columns: &["address", "sealed"],
    // Events know their call only, so they go first.
    erase: &[sql::ERASE_EVENTS, sql::ERASE],
    kept: None,
    collect: Some(calls),
});
store::personal!(PersonalTable {
    table: "call_event",
    class: "comms.traffic",
    subject: "call",
    columns: &[],
    erase: &[sql::ERASE_EVENTS],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "call_recording",
    class: "comms.recording",
    subject: "contact",
    columns: &["sealed"],
    erase: &[sql::ERASE_RECORDINGS],
    kept: None,
    collect: Some(recordings),
});

store::retention!(RetentionRule {
    table: "voice_call",
    class: "comms.traffic",
    covers: &["call_event"],
    event: "the call was accepted",
    due_by: DueBy::Id,
    find: sql::DUE,
    end: &[sql::END_EVENTS_OF, sql::END_CALL],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "voice_call",
    class: "comms.content",
    covers: &[],
    event: "the call was accepted",
    due_by: DueBy::Id,
    find: sql::DUE_CONTENT,
    end: &[sql::EMPTY_CALL],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "call_recording",
    class: "comms.recording",
    covers: &[],
    event: "the recording was made",
    due_by: DueBy::Id,
    find: sql::DUE_RECORDINGS,
    end: &[sql::DELETE_RECORDING],
    before: None,
    after: None,
});
