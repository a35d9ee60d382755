//! What a visitor sees.

use std::collections::BTreeMap;

use conversations::conversations::{self as rows, Conversation};
use conversations::events::Event;
use conversations::{AuthorKind, State, Visibility, agents, files, routing, visitors};
use http_server::Result;
use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use store::Ctx;

/// A file as the visitor sees it.
#[derive(Serialize)]
pub(super) struct FileView {
    id: String,
    name: String,
    r#type: String,
    size: u64,
    state: &'static str,
    url: Option<String>,
}

impl FileView {
    pub(super) fn of(file: &files::File, widget: &str) -> Self {
        let clean = file.state == files::FileState::Clean;
        Self {
            id: file.id.to_string(),
            name: file.meta.name.clone(),
            r#type: file.meta.media_type.clone(),
            size: file.size,
            state: file.state.as_str(),
            url: clean.then(|| format!("/w/chat/{widget}/files/{}", file.id)),
        }
    }
}

#[derive(Serialize)]
struct AuthorView {
    kind: &'static str,
    name: Option<String>,
    me: bool,
}

#[derive(Serialize)]
struct FormView<'a> {
    kind: &'static str,
    fields: Vec<BTreeMap<&'static str, &'a str>>,
}

#[derive(Serialize)]
struct EncryptedView<'a> {
    #[serde(flatten)]
    envelope: &'a conversations::encryption::Envelope,
    file: Option<&'a str>,
}

/// An event as the visitor sees it.
#[derive(Serialize)]
struct EventView<'a> {
    seq: i64,
    id: String,
    thread: String,
    n: i64,
    at: Timestamp,
    kind: &'static str,
    author: AuthorView,
    client_id: Option<&'a str>,
    text: Option<&'a str>,
    file: Option<FileView>,
    form: Option<FormView<'a>>,
    quick_replies: Option<&'a [conversations::events::QuickReply]>,
    encrypted: Option<EncryptedView<'a>>,
    code: Option<&'a str>,
    params: &'a BTreeMap<String, Json>,
    deleted: bool,
}

/// An event as the visitor sees it; none when it is members' own. Nothing of a note gets past here.
pub(super) async fn event(ctx: &Ctx, event: &Event, widget: &str) -> Result<Option<Json>> {
    if event.visibility != Visibility::All {
        return Ok(None);
    }
    let me = event.author.kind == AuthorKind::Visitor;
    let body = &event.body;
    let file = match body.file.as_ref().and_then(conversations::events::FileRef::file) {
        Some(id) => files::get(ctx, event.conversation, id).await.ok().map(|file| FileView::of(&file, widget)),
        None => None,
    };
    let field = |answer: &'_ conversations::events::Answer| -> BTreeMap<&'static str, String> {
        [("key", answer.key.clone()), ("label", answer.label.clone()), ("value", answer.value.clone())].into()
    };
    let fields: Vec<BTreeMap<&'static str, String>> = body.answers.iter().map(field).collect();
    let form = body.form.map(|kind| FormView {
        kind: kind.as_str(),
        fields: fields.iter().map(|one| one.iter().map(|(key, value)| (*key, value.as_str())).collect()).collect(),
    });
    let view = EventView {
        seq: event.seq,
        id: format!("{}-{}", event.thread, event.n),
        thread: event.thread.to_string(),
        n: event.n,
        at: event.at,
        kind: event.kind.as_str(),
        author: AuthorView { kind: event.author.kind.as_str(), name: body.name.clone(), me },
        client_id: body.client.as_deref().filter(|_| me),
        text: body.text.as_deref(),
        file,
        form,
        quick_replies: Some(body.quick_replies.as_slice()).filter(|all| !all.is_empty()),
        encrypted: body
            .encrypted
            .as_ref()
            .map(|envelope| EncryptedView { envelope, file: body.file.as_ref().map(|file| file.id.as_str()) }),
        code: body.code.as_deref(),
        params: &body.params,
        deleted: event.deleted,
    };
    Ok(serde_json::to_value(view).ok())
}

/// Events as the visitor sees them.
pub(super) async fn events(ctx: &Ctx, all: &[Event], widget: &str) -> Result<Vec<Json>> {
    let mut out = Vec::with_capacity(all.len());
    for one in all {
        out.extend(event(ctx, one, widget).await?);
    }
    Ok(out)
}

#[derive(Serialize)]
struct AgentView {
    name: Option<String>,
    photo_url: Option<String>,
    kind: &'static str,
}

#[derive(Serialize)]
struct QueueView {
    position: u32,
    wait_seconds: Option<i64>,
}

#[derive(Serialize)]
struct EncryptionView {
    mode: &'static str,
    key_id: Option<String>,
    rotate: bool,
    missing: usize,
}

/// The conversation as the visitor sees it.
#[derive(Serialize)]
struct ConversationView {
    id: String,
    state: &'static str,
    thread: String,
    started_at: Timestamp,
    closed_at: Option<Timestamp>,
    last_seq: i64,
    unread: u64,
    agent: Option<AgentView>,
    queue: Option<QueueView>,
    seen: BTreeMap<&'static str, i64>,
    rating: Option<BTreeMap<&'static str, i64>>,
    tracking: bool,
    has_email: bool,
    ticket: bool,
    encryption: Option<EncryptionView>,
}

/// The conversation as the visitor sees it.
pub(super) async fn conversation(ctx: &Ctx, row: &Conversation) -> Result<Json> {
    let thread = rows::thread(ctx, row.thread).await?;
    let (unread, me, them) = rows::marks(ctx, row).await?;
    let agent = match (row.assignee, row.bot) {
        (Some(user), _) => {
            let (name, photo_url) = (agents::shown_name(ctx, Some(user)).await?, agents::shown_photo(ctx, user).await?);
            Some(AgentView { name, photo_url, kind: "agent" })
        }
        (None, Some(bot)) => {
            let name = conversations::bots::get(ctx, bot).await.ok().map(|bot| bot.draft.name);
            Some(AgentView { name, photo_url: None, kind: "bot" })
        }
        (None, None) => None,
    };
    let place = routing::place_of(ctx, row).await?;
    let visitor = match row.visitor {
        Some(id) => visitors::find(ctx, id).await?,
        None => None,
    };
    let details = rows::details(ctx, row).await?;
    let encryption = if row.is_encrypted() {
        let status = conversations::encryption::status(ctx, row).await?;
        let missing = status.missing.len();
        Some(EncryptionView { mode: "end_to_end", key_id: status.key_id, rotate: status.rotate, missing })
    } else {
        None
    };
    let known = visitor.as_ref().and_then(|visitor| visitor.profile.email.as_ref()).is_some();
    let view = ConversationView {
        id: row.id.to_string(),
        // Out of members' sight is none of the visitor's business.
        state: if row.state == State::Closed { "closed" } else { "open" },
        thread: row.thread.to_string(),
        started_at: thread.started_at,
        closed_at: thread.ended_at,
        last_seq: row.last_seq,
        unread,
        agent,
        queue: place.map(|place| QueueView { position: place.position, wait_seconds: place.wait }),
        seen: [("me", me), ("them", them)].into(),
        rating: thread.score.map(|score| [("score", score)].into()),
        tracking: visitor.as_ref().is_some_and(|visitor| visitor.tracking),
        has_email: known || details.email.is_some(),
        ticket: row.channel.as_str() == "email",
        encryption,
    };
    Ok(serde_json::to_value(view).unwrap_or_default())
}
