//! What the events hold about a person, for erasure, access answers and retention.

use kernel::{ContactId, ConversationId};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, RetentionRule, SubjectKeys, params};

use super::{queries, read};
use crate::model::AuthorKind;

/// What was said in the person's conversations, by both sides. Notes of members are not: they are members' own
/// words and, where they are about the person, answered from the archive on request.
fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<(ConversationId, i64)> = ctx.db.all(queries::OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for (conversation, seq) in rows {
            let event =
                read::one(ctx, conversation, seq).await.map_err(|error| store::Error::Refused(error.problem()))?;
            let Some(event) = event else { continue };
            let by = match event.author.kind {
                AuthorKind::Visitor => "you",
                _ => "us",
            };
            let answers: Vec<Json> = event
                .body
                .answers
                .iter()
                .map(|answer| json!({"question": answer.label, "answer": answer.value}))
                .collect();
            out.push(json!({
                "conversation": conversation,
                "at": event.at,
                "by": by,
                "kind": event.kind,
                "text": event.body.text,
                "encrypted_end_to_end": event.body.encrypted.is_some(),
                "file": event.body.file.as_ref().map(|file| &file.name),
                "answers": answers,
            }));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "conversation_event",
    class: "comms.content",
    subject: "subject",
    columns: &["sealed"],
    erase: &[queries::ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(RetentionRule {
    table: "conversation_event",
    class: "comms.content",
    covers: &[],
    event: "the message",
    due_by: DueBy::Instant,
    find: queries::DUE,
    end: &[queries::END],
    before: None,
    after: None,
});
