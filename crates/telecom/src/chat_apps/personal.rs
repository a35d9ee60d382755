//! What the tables hold about a person, for erasure, access answers and retention.

use kernel::{ChannelId, ContactId, DeliveryId, EventId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, Result, RetentionRule, SubjectKeys, params};

use super::incoming::{Inbound, SEALED};
use super::line::Heard;
use super::model::MessageState;
use super::{keep, persons, queries as sql};

fn heard<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Heard> = ctx.db.all(sql::PEOPLE_OF, params![ctx.workspace, subject]).await?;
        let shown = rows.into_iter().map(|row| {
            let said = persons::open(ctx, (subject, keys), &row.sealed).unwrap_or_default();
            json!({
                "account": row.channel,
                "known_there_as": said.address,
                "name": said.name,
                "language": said.language,
                "first_heard_at": row.created_at,
                "last_wrote_at": row.wrote_at,
            })
        });
        Ok(shown.collect())
    })
}

store::row! {
    struct Held {
        id: DeliveryId,
        channel: ChannelId,
        purpose: String,
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
    }
}

fn outgoing<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Held> = ctx.db.all(sql::OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let shown = rows.into_iter().map(|held| {
            let kept = held.sealed.as_deref().and_then(|sealed| keep::open(ctx, (subject, keys), sealed, None).ok());
            json!({
                "id": held.id,
                "account": held.channel,
                "purpose": held.purpose,
                "to": kept.as_ref().map(|kept| &kept.to),
                "text": kept.as_ref().map(|kept| &kept.words.text),
                "file": kept.as_ref().and_then(|kept| kept.words.file.as_ref()).map(|file| &file.name),
                "state": held.state,
                "reason": held.reason,
                "decision": { "rule": held.rule, "pack": held.pack },
                "basis": { "type": held.basis, "evidence": held.claim },
                "created_at": held.created_at,
                "sent_at": held.sent_at,
                "finished_at": held.finished_at,
            })
        });
        Ok(shown.collect())
    })
}

type Came = (EventId, ChannelId, String, Timestamp, Option<Vec<u8>>);

fn incoming<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Came> = ctx.db.all(sql::INBOUND_OF, params![ctx.workspace, subject]).await?;
        let shown = rows.into_iter().map(|(id, channel, keyword, at, sealed)| {
            let opened = sealed.and_then(|sealed| keys.data().ok()?.open(&ctx.aad(subject, SEALED), &sealed).ok());
            let read: Option<Inbound> = opened.and_then(|plain| serde_json::from_slice(&plain).ok());
            json!({
                "id": id,
                "account": channel,
                "direction": "in",
                "from": read.as_ref().map(|read| &read.from),
                "text": read.as_ref().map(|read| &read.text),
                "keyword": keyword,
                "received_at": at,
            })
        });
        Ok(shown.collect())
    })
}

store::personal!(PersonalTable {
    table: "chat_person",
    class: "comms.traffic",
    subject: "subject",
    columns: &["address", "sealed"],
    erase: &[sql::ERASE_PEOPLE],
    kept: None,
    collect: Some(heard),
});
store::personal!(PersonalTable {
    table: "chat_message",
    class: "comms.traffic",
    subject: "subject",
    columns: &["address", "remote", "sealed", "file"],
    erase: &[sql::ERASE],
    kept: None,
    collect: Some(outgoing),
});
store::personal!(PersonalTable {
    table: "chat_inbound",
    class: "comms.traffic",
    subject: "subject",
    columns: &["remote", "sealed"],
    erase: &[sql::ERASE_INBOUND],
    kept: None,
    collect: Some(incoming),
});

store::personal!(PersonalTable {
    table: "chat_fate",
    class: "technical.day",
    subject: "",
    columns: &["remote"],
    erase: &[],
    kept: Some("what became of a message that is not known yet; matched within moments, gone after a day"),
    collect: None,
});

store::retention!(RetentionRule {
    table: "chat_person",
    class: "comms.traffic",
    covers: &[],
    event: "the last message from or to them",
    due_by: DueBy::Instant,
    find: sql::DUE_PEOPLE,
    end: &[sql::END_PERSON],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "chat_message",
    class: "comms.traffic",
    covers: &[],
    event: "the message was accepted",
    due_by: DueBy::Id,
    find: sql::DUE,
    end: &[sql::END_MESSAGE],
    before: None,
    after: None,
});
store::retention!(RetentionRule {
    table: "chat_message",
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
    table: "chat_inbound",
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
    table: "chat_fate",
    class: "technical.day",
    covers: &[],
    event: "it was told",
    due_by: DueBy::Id,
    find: sql::DUE_FATES,
    end: &[sql::DROP_FATE],
    before: None,
    after: None,
});
