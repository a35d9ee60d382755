//! Sequences: messages that follow each other and stop when the person answers.

mod create;
mod delete;
mod enrol;
mod list;
mod pause;
mod people;
mod read;
mod release;
mod report;
mod resume;
mod start;
mod stop;
mod update;

use axum::extract::DefaultBodyLimit;
use campaigns::sequences::Sequence;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    let limit = DefaultBodyLimit::max(10 * super::content::MAX_BODY);
    let written = routes!("sequences": create, update).map(|router| router.layer(limit));
    written.merge(routes!("sequences":
        list, read, delete, start, pause, resume, stop, enrol, people, release, report))
}

/// A sequence.
#[derive(Serialize, ToSchema)]
#[schema(as = Sequence)]
pub(super) struct SequenceAnswer {
    id: String,
    /// `sequence`, or `prospecting` for people who did not ask.
    kind: &'static str,
    /// `draft`, `running`, `paused`, `ended` or `stopped`.
    state: &'static str,
    name: String,
    from_name: String,
    from_email: String,
    reply_to: Option<String>,
    topic: String,
    segment: Option<String>,
    /// `targeting`, `activity`, `assessment`.
    prospecting: Option<Json>,
    reason: Option<String>,
    track: bool,
    /// Its messages: `wait_days` and `subject`; where one sequence is read, the content too.
    steps: Vec<Json>,
    window: Option<Json>,
    max_touches: Option<u32>,
    goal_tag: Option<String>,
    goal_event: Option<String>,
    thread: bool,
    postpone_days: u32,
    /// Counts changes of the draft.
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// A sequence as the API shows it; `whole` with the contents of its messages.
pub(super) fn shown(sequence: Sequence, whole: bool) -> SequenceAnswer {
    let draft = sequence.draft;
    let step = |step: &campaigns::sequences::Step| {
        let mut shown = json!({ "wait_days": step.wait_days, "subject": step.content.subject });
        if whole {
            shown["content"] = json!(step.content);
            shown["variants"] = json!(step.variants);
        }
        shown
    };
    SequenceAnswer {
        id: sequence.id.to_string(),
        kind: if draft.prospecting.is_some() { "prospecting" } else { "sequence" },
        state: sequence.state.as_str(),
        steps: draft.steps.iter().map(step).collect(),
        name: draft.name,
        from_name: draft.from_name,
        from_email: draft.from_email.to_string(),
        reply_to: draft.reply_to.map(|address| address.to_string()),
        topic: draft.topic.to_string(),
        segment: draft.segment.map(|segment| segment.to_string()),
        prospecting: draft.prospecting.map(|stated| json!(stated)),
        reason: draft.reason,
        track: draft.track,
        window: draft.window.map(|window| json!(window)),
        max_touches: draft.max_touches,
        goal_tag: draft.goal_tag,
        goal_event: draft.goal_event,
        thread: draft.thread,
        postpone_days: draft.postpone_days,
        version: sequence.version,
        created_at: sequence.created_at,
        updated_at: sequence.updated_at,
        started_at: sequence.started_at,
        ended_at: sequence.ended_at,
    }
}
