//! A conversation as lines.

use kernel::{ConversationId, ThreadId, Timestamp};
use store::Ctx;

use crate::Result;
use crate::events::{self, Event};
use crate::model::{AuthorKind, Kind, Visibility};

/// One line.
#[derive(Clone)]
pub struct Line {
    /// Its place.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// The person said it.
    pub by_person: bool,
    /// What the writer is called on the other side.
    pub name: String,
    /// What was said.
    pub text: String,
    /// A note of members.
    pub note: bool,
    /// What only the devices of both sides can read.
    pub encrypted: Option<crate::encryption::Envelope>,
}

/// What stands in a transcript for what cannot be read here.
pub const UNREADABLE: &str = "[encrypted end to end]";

/// Everything that an event says in words.
pub(crate) fn words_of(event: &Event) -> String {
    let body = &event.body;
    if body.encrypted.is_some() {
        return UNREADABLE.to_owned();
    }
    let mut parts: Vec<String> = body.text.iter().cloned().collect();
    parts.extend(body.file.as_ref().map(|file| file.name.clone()));
    parts.extend(body.answers.iter().map(|answer| format!("{}: {}", answer.label, answer.value)));
    parts.join("\n")
}

/// What was said, in order; notes of members only when asked for.
///
/// # Errors
/// When the store fails.
pub async fn transcript(
    ctx: &Ctx,
    id: ConversationId,
    thread: Option<ThreadId>,
    with_notes: bool,
) -> Result<Vec<Line>> {
    let (mut after, mut out) = (0, Vec::new());
    loop {
        let page = events::after(ctx, id, after, events::MOST).await?;
        let Some(last) = page.last().map(|event| event.seq) else { return Ok(out) };
        for event in page {
            let shown = event.kind != Kind::System
                && !event.deleted
                && (with_notes || event.visibility == Visibility::All)
                && thread.is_none_or(|thread| event.thread == thread);
            if shown {
                out.push(Line {
                    seq: event.seq,
                    at: event.at,
                    by_person: event.author.kind == AuthorKind::Visitor,
                    name: event.body.name.clone().unwrap_or_default(),
                    text: words_of(&event),
                    note: event.visibility == Visibility::Agents,
                    encrypted: event.body.encrypted.clone(),
                });
            }
        }
        after = last;
    }
}
