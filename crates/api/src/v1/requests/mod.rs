//! Requests of data subjects.

mod batch;
mod challenge;
mod create;
mod extend;
mod fulfil;
mod list;
mod note;
mod pack;
mod read;
mod refuse;
mod verify;
mod withdraw;

use std::collections::BTreeMap;

use kernel::{ContactId, RequestId};
use people::requests::receive;
use privacy::requests::{self, By, Content, New, Request, RequestKind, RequestState, Via};
use privacy::vocabulary::{Channel, Purpose};
use store::{Actor, Ctx};

use super::prelude::*;
use super::trail;

pub(super) fn routes() -> Routes {
    routes!("requests":
        list, create, batch, read, verify, challenge, extend, fulfil, refuse, withdraw, note, pack)
}

/// A request to write down.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestDraft {
    /// `access`, `portability`, `rectification`, `erasure`, `restriction` or `objection`.
    #[schema(value_type = String)]
    r#type: RequestKind,
    /// The contact it is about.
    #[schema(value_type = Option<String>)]
    subject: Option<ContactId>,
    /// The address or number that was given, when the contact is not named.
    email: Option<String>,
    /// How it came: `dashboard`, `api`, `mail` or `post`; by default, how you call.
    #[schema(value_type = Option<String>)]
    channel: Option<Via>,
    /// When it came, if earlier than now: the term runs from then.
    #[schema(value_type = Option<String>, format = DateTime)]
    received_at: Option<Timestamp>,
    /// It concerns a child: due within days, and nothing is asked back.
    #[serde(default)]
    child: bool,
    /// What was asked, in words.
    #[serde(default)]
    text: String,
    /// For a rectification: field → right value.
    #[serde(default)]
    corrections: BTreeMap<String, String>,
    /// For an objection: this channel only.
    #[schema(value_type = Option<String>)]
    object_to_channel: Option<Channel>,
    /// For an objection: this purpose only.
    #[schema(value_type = Option<String>)]
    object_to_purpose: Option<Purpose>,
    /// How you checked who asks. Without it, a link is mailed to the address on file.
    evidence: Option<String>,
    /// Do at once what is asked; needs `evidence`.
    #[serde(default)]
    fulfil: bool,
}

/// A request as the API shows it.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestView {
    /// Its id.
    id: String,
    /// What is asked for.
    r#type: String,
    /// How it came.
    channel: String,
    /// Where it stands.
    state: String,
    /// The contact it is about; null when nobody is known.
    subject: Option<String>,
    /// It concerns a child.
    child: bool,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Until when the organisation wants it answered.
    #[schema(value_type = String, format = DateTime)]
    target_at: Timestamp,
    /// The first instant after the legal term.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// The term ends on a Saturday or Sunday; it is not shifted.
    ends_on_weekend: bool,
    /// The legal term is over.
    late: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    /// `link`, `letter` or `member`.
    verified_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    extended_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// Why it was refused.
    ground: Option<String>,
    /// What the person was told about a refusal or an extension.
    explanation: Option<String>,
    /// SHA-256 of what was answered, in hex.
    result: Option<String>,
    /// What was asked; null once the request is closed.
    content: Option<Json>,
}

impl RequestView {
    pub(super) fn of(request: &Request, settings: &requests::Settings, now: Timestamp) -> Self {
        Self {
            id: request.id.to_string(),
            r#type: request.kind.to_string(),
            channel: request.via.to_string(),
            state: request.state.to_string(),
            subject: request.subject.map(|subject| subject.to_string()),
            child: request.child,
            received_at: request.received_at,
            target_at: request.target_at,
            due_at: request.due_at,
            ends_on_weekend: settings.ends_on_weekend(request.due_at),
            late: request.is_late(now),
            verified_at: request.verified_at,
            verified_by: request.verified_by.clone(),
            extended_at: request.extended_at,
            closed_at: request.closed_at,
            ground: request.ground.map(|ground| ground.to_string()),
            explanation: request.explanation.clone(),
            result: request.result.clone(),
            content: request.content.as_ref().and_then(|content| serde_json::to_value(content).ok()),
        }
    }
}

async fn view(ctx: &Ctx, request: &Request) -> Result<RequestView> {
    Ok(RequestView::of(request, &requests::Settings::of(ctx).await?, ctx.now()))
}

/// What fulfilling came to.
#[derive(Serialize, ToSchema)]
pub(super) struct FulfilledView {
    /// The request, closed.
    request: RequestView,
    /// `pack`, `erased`, `nothing_held`, or what was changed.
    outcome: Json,
    /// The certificate, when somebody was erased.
    certificate: Option<Json>,
}

/// Does what a request asks for, and tells the index at once whom it must forget.
async fn fulfilled(app: &App, caller: &Caller, ctx: &Ctx, id: RequestId) -> Result<FulfilledView> {
    if requests::get(ctx, id).await?.kind == RequestKind::Erasure {
        caller.require("contacts:erase")?;
    }
    let done = people::requests::fulfil(ctx, app.outbound.gate(), id).await?;
    if let Some(certificate) = &done.certificate {
        app.live.forget(ctx.workspace, certificate.subject);
    }
    trail::note(ctx, "request.fulfilled", &[&id]).await?;
    let shown = done.to_json();
    let certificate = shown["certificate"].as_object().map(|certificate| json!(certificate));
    Ok(FulfilledView { request: view(ctx, &done.request).await?, outcome: shown["outcome"].clone(), certificate })
}

/// Writes a request down: verified by evidence, or with a link mailed to the address on file.
async fn written(app: &App, caller: &Caller, ctx: &Ctx, draft: RequestDraft) -> Result<RequestView> {
    let via = draft.channel.unwrap_or(if matches!(ctx.actor, Actor::User(_)) { Via::Dashboard } else { Via::Api });
    if matches!(via, Via::Centre | Via::PreferencePage) {
        return Err(Failure(Problem::field("channel", "dashboard, api, mail or post")));
    }
    if draft.subject.is_none() && draft.email.is_none() {
        return Err(Failure(Problem::field("subject", "name the contact, or the address that was given")));
    }
    if draft.fulfil && draft.evidence.is_none() {
        return Err(Failure(Problem::field("evidence", "say how it was checked who asks")));
    }
    let content = Content {
        requester: draft.email,
        text: draft.text,
        corrections: draft.corrections,
        channel: draft.object_to_channel,
        purpose: draft.object_to_purpose,
        language: None,
        authentication: None,
    };
    let received_at = draft.received_at.unwrap_or_else(|| ctx.now());
    let new = New { kind: draft.r#type, via, subject: draft.subject, child: draft.child, received_at, content };
    let mut request = receive(ctx, new).await?;
    trail::note(ctx, "request.received", &[&request.id]).await?;
    if let Some(evidence) = &draft.evidence {
        request = requests::verify(ctx, request.id, By::Member, Some(evidence)).await?;
        if draft.fulfil {
            return Ok(fulfilled(app, caller, ctx, request.id).await?.request);
        }
    } else if request.subject.is_some() && request.state == RequestState::Received {
        request = requests::challenge(ctx, request.id).await?;
    }
    view(ctx, &request).await
}
