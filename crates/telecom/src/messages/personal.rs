//! What messages hold about a person, for erasure, access answers and retention.

use kernel::{ContactId, DeliveryId, EventId, RawId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, Result, RetentionRule, SubjectKeys, params};

use super::content::{Content, INCOMING, OUTGOING};
use super::model::{InboundView, MessageState};
use super::queries as sql;

store::row! {
    struct Held {
        id: DeliveryId,
        purpose: String,
        country: String,
        originator: String,
        parts: u32,
        state: MessageState,
        reason: Option<String>,
        rule: String,
        pack: String,
        basis: String,
        claim: Option<EventId>,
        created_at: Timestamp,
        sent_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        sealed: Option<Vec<u8>>,
        source: Option<RawId>,
        clicked_at: Option<Timestamp>,
        left_at: Option<Timestamp>,
    }
}

fn outgoing<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Held> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        Ok(rows
            .into_iter()
            .map(|held| {
                let content = held
                    .sealed
                    .as_deref()
                    .and_then(|sealed| Content::open(ctx, (contact, OUTGOING), keys, sealed).ok());
                json!({
                    "id": held.id,
                    "channel": "sms",
                    "purpose": held.purpose,
                    "country": held.country,
                    "from": held.originator,
                    "to": content.as_ref().map(|content| &content.number),
                    "text": content.as_ref().map(Content::readable),
                    "parts": held.parts,
                    "state": held.state,
                    "reason": held.reason,
                    "decision": { "rule": held.rule, "pack": held.pack },
                    "basis": { "type": held.basis, "evidence": held.claim },
                    "created_at": held.created_at,
                    "sent_at": held.sent_at,
                    "finished_at": held.finished_at,
                    "campaign": held.source.map(outbound::texts::campaign),
                    "clicked_at": held.clicked_at,
                    "unsubscribed_at": held.left_at,
                })
            })
            .collect())
    })
}

fn incoming<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<InboundView> = ctx.db.all(sql::INBOUND_OF, params![ctx.workspace, contact]).await?;
        Ok(rows
            .into_iter()
            .map(|held| {
                let content = held
                    .sealed
                    .as_deref()
                    .and_then(|sealed| Content::open(ctx, (contact, INCOMING), keys, sealed).ok());
                json!({
                    "id": held.id,
                    "channel": "sms",
                    "direction": "in",
                    "from": content.as_ref().map(|content| &content.number),
                    "to": held.number,
                    "text": content.as_ref().map(|content| &content.text),
                    "keyword": held.keyword,
                    "received_at": held.created_at,
                })
            })
            .collect())
    })
}

store::personal!(PersonalTable {
    table: "sms_message",
    class: "comms.traffic",
    subject: "contact",
    columns: &["address", "sealed"],
    // Parts, attempts, clicks and what a customer submitted know their message only, so they go first.
    erase: &[
        sql::ERASE_PARTS,
        sql::ERASE_ATTEMPTS,
        super::links::ERASE_CLICKS,
        crate::customers::ERASE_SUBMISSIONS,
        sql::ERASE,
    ],
    kept: None,
    collect: Some(outgoing),
});
store::personal!(PersonalTable {
    table: "sms_part",
    class: "comms.traffic",
    subject: "message",
    columns: &[],
    erase: &[sql::ERASE_PARTS],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "sms_attempt",
    class: "comms.traffic",
    subject: "message",
    columns: &[],
    erase: &[sql::ERASE_ATTEMPTS],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "sms_inbound_part",
    class: "technical.day",
    subject: "",
    columns: &["address", "sealed"],
    erase: &[],
    kept: Some("parts of a message whose others are missing; put together within moments, gone after a day"),
    collect: None,
});
store::personal!(PersonalTable {
    table: "sms_inbound",
    class: "comms.traffic",
    subject: "contact",
    columns: &["sealed"],
    erase: &[sql::ERASE_INBOUND],
    kept: None,
    collect: Some(incoming),
});

store::retention!(RetentionRule {
    table: "sms_message",
    class: "comms.traffic",
    covers: &["sms_part", "sms_attempt"],
    event: "the message was accepted",
    due_by: DueBy::Id,
    find: sql::DUE,
    end: &[sql::END_PARTS_OF, sql::END_ATTEMPTS_OF, sql::END_MESSAGE],
    before: Some(super::kept::keep),
    after: None,
});
store::retention!(RetentionRule {
    table: "sms_message",
    class: "comms.content",
    covers: &[],
    event: "the message was accepted",
    due_by: DueBy::Id,
    find: sql::DUE_CONTENT,
    end: &[sql::EMPTY_MESSAGE],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "sms_inbound",
    class: "comms.content",
    covers: &[],
    event: "the message came in",
    due_by: DueBy::Id,
    find: sql::DUE_INBOUND,
    end: &[sql::END_INBOUND],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "sms_inbound_part",
    class: "technical.day",
    covers: &[],
    event: "the part came in",
    due_by: DueBy::Instant,
    find: sql::DUE_PARTS,
    end: &[sql::END_PART],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "sms_receipt",
    class: "technical.day",
    covers: &[],
    event: "the receipt came",
    due_by: DueBy::Id,
    find: sql::DUE_RECEIPTS,
    end: &[sql::DROP_RECEIPT],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "sms_count",
    class: "technical.day",
    covers: &[],
    event: "the day that was counted",
    due_by: DueBy::Day,
    find: sql::DUE_COUNTS,
    end: &[sql::END_COUNT],
    before: None,
    after: None,
});
