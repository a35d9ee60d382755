//! What these tables hold about a person, for erasure, access answers and retention.

use kernel::{ContactId, ConversationId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, RetentionRule, SubjectKeys, params};

use super::queries;
use crate::events;
use crate::work::DETAILS;

type Row = (ConversationId, String, Timestamp, Timestamp, String);

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Row> = ctx.db.all(queries::OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for (id, channel, created, updated, state) in rows {
            let row: Option<super::Conversation> = ctx.db.get(queries::GET, params![ctx.workspace, id]).await?;
            let Some(row) = row else { continue };
            let details: super::Details = events::open(ctx, (subject, keys), DETAILS, &row.sealed)
                .map_err(|error| store::Error::Refused(error.problem()))?;
            let answers: Vec<Json> = details
                .answers
                .iter()
                .map(|answer| json!({"question": answer.label, "answer": answer.value}))
                .collect();
            out.push(json!({
                "conversation": id,
                "channel": channel,
                "state": state,
                "created_at": created,
                "updated_at": updated,
                "about": details.subject,
                "language": details.language,
                "page": details.page,
                "name": details.name,
                "email": details.email,
                "address": details.line.as_ref().map(|line| &line.address),
                "answers": answers,
                "properties": details.properties,
            }));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "conversation",
    class: "comms.traffic",
    subject: "subject",
    columns: &["sealed"],
    // What hangs on the rows goes first: it is found by them.
    erase: &[queries::ERASE_TAGS, queries::ERASE_SEEN, queries::ERASE_MEMBERS, queries::FORGET_CONTACT, queries::ERASE],
    kept: None,
    collect: Some(collect),
});
store::personal!(PersonalTable {
    table: "conversation_thread",
    class: "comms.traffic",
    subject: "subject",
    columns: &["sealed"],
    erase: &[queries::ERASE_TAGS, queries::ERASE_THREADS],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "conversation_seen",
    class: "comms.traffic",
    subject: "who",
    columns: &["who"],
    // Found by the conversations; whichever of both entries comes first takes them.
    erase: &[queries::ERASE_SEEN],
    kept: None,
    collect: None,
});
store::retention!(RetentionRule {
    table: "conversation",
    class: "comms.traffic",
    covers: &[
        "conversation_thread",
        "conversation_seen",
        "conversation_member",
        "thread_tag",
        "conversation_share",
        "conversation_line",
        "conversation_delivery"
    ],
    event: "the last thing that happened in the conversation",
    due_by: DueBy::Instant,
    find: queries::DUE,
    end: &[
        queries::END_TAGS,
        queries::END_THREADS,
        queries::END_SEEN,
        queries::END_MEMBERS,
        queries::END_EVENTS,
        queries::END_FILES,
        queries::END_SHARES,
        crate::lines::queries::END_DELIVERIES,
        crate::lines::queries::END_LINES,
        queries::DELETE,
    ],
    before: None,
    after: None,
});
