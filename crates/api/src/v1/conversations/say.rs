//! `POST /v1/conversations/{id}/events`

use conversations::conversations::{self as rows, Members, Said};
use conversations::encryption::Sealed;
use conversations::events::{EventBody, FormKind, NewEvent, QuickReply};
use conversations::{Kind, Visibility, chat, files, text};
use kernel::{ConversationId, FileId};
use outbound::lines::{Attached, Words};

use super::shapes::{ConversationEvent, ConversationQuickReply};
use crate::v1::prelude::*;

/// What is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConversationEvent {
    /// Your own id of the request, 1 to 64 of `A-Z a-z 0-9 _ -`: a second one with it adds nothing.
    #[serde(default)]
    client_id: Option<String>,
    /// `message`, `note` (members only), `file`, `rich` (with quick replies), `form` (asks to fill one in),
    /// `template` (an approved text of WhatsApp) or `encrypted` (what a device of yours has sealed).
    kind: String,
    /// The words, at most 16384 octets.
    #[serde(default)]
    text: Option<String>,
    /// A file that was uploaded to this conversation.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    file: Option<FileId>,
    /// Answers to choose from, at most 13.
    #[serde(default)]
    quick_replies: Vec<ConversationQuickReply>,
    /// `ask_mail` or `post_chat`.
    #[serde(default)]
    form: Option<String>,
    /// Of a `template`: which one, and what fills its places. The words are what it says then.
    #[serde(default)]
    template: Option<ConversationTemplate>,
    /// Of what was sealed: `all`, or `agents` for a note; `all` when absent.
    #[serde(default)]
    visibility: Option<String>,
    /// What a device of yours has sealed.
    #[serde(default)]
    encrypted: Option<Sealed>,
}

/// An approved text of WhatsApp.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationTemplate {
    /// Its name.
    pub(super) name: String,
    /// Its language, as WhatsApp writes it.
    pub(super) language: String,
    /// What fills `{{1}}`, `{{2}}`, … in order, at most 20.
    #[serde(default)]
    pub(super) parameters: Vec<String>,
}

impl ConversationTemplate {
    pub(super) fn checked(self) -> Result<outbound::lines::Template> {
        let plain = |text: &str, most: usize| {
            (1..=most).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        if !plain(&self.name, 512) || !plain(&self.language, 20) {
            return Err(Problem::field("template", "name and language as WhatsApp writes them").into());
        }
        if self.parameters.len() > 20 {
            return Err(Problem::field("template.parameters", "at most 20").into());
        }
        let all = self.parameters.iter().map(|one| text::line("template.parameters", one, 1024));
        let parameters = all.collect::<std::result::Result<_, _>>()?;
        Ok(outbound::lines::Template { name: self.name, language: self.language, parameters })
    }
}

/// What was said.
#[derive(Serialize, ToSchema)]
pub(super) struct SaidConversationEvent {
    /// The event.
    event: ConversationEvent,
    /// It was there before: the request was repeated.
    repeated: bool,
}

/// Say something: to the person, or to members only. A closed conversation begins a new thread.
#[utoipa::path(post, path = "/v1/conversations/{id}/events", params(("id" = String, Path)),
    request_body = NewConversationEvent, security(("key" = ["conversations:write"])),
    responses((status = 201, body = SaidConversationEvent)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<NewConversationEvent>,
) -> Result<(StatusCode, JsonBody<SaidConversationEvent>)> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    let by = super::author(&caller);
    if let Some(client) = &input.client_id {
        text::client_id(client)?;
    }
    let row = rows::get(&ctx, id).await?;
    let mut body = EventBody { text: input.text.as_deref().map(text::message).transpose()?, ..EventBody::default() };
    let words = |body: &EventBody| match &body.text {
        Some(_) => Ok(()),
        None => Err(Problem::field("text", "is empty")),
    };
    let (kind, visibility) = match input.kind.as_str() {
        "message" => (Kind::Message, Visibility::All),
        "note" => (Kind::Message, Visibility::Agents),
        "rich" => {
            if !(1..=13).contains(&input.quick_replies.len()) {
                return Err(Problem::field("quick_replies", "expected 1 to 13").into());
            }
            for one in &input.quick_replies {
                let label = text::line("quick_replies.label", &one.label, 200)?;
                let value = text::line("quick_replies.value", &one.value, 200)?;
                body.quick_replies.push(QuickReply { label, value });
            }
            (Kind::Rich, Visibility::All)
        }
        "file" => {
            let file = input.file.ok_or_else(|| Problem::field("file", "names the file"))?;
            let file = files::get(&ctx, id, file).await?;
            body.file = Some(file.reference());
            (Kind::File, Visibility::All)
        }
        "template" => {
            let template = input.template.ok_or_else(|| Problem::field("template", "names the text"))?;
            body.template = Some(template.checked()?);
            (Kind::Message, Visibility::All)
        }
        "encrypted" => {
            let sealed = input.encrypted.ok_or_else(|| Problem::field("encrypted", "is missing"))?;
            if body.text.is_some() {
                return Err(Problem::field("text", "is readable; send only what was sealed").into());
            }
            body.encrypted = Some(sealed.checked(by)?);
            if let Some(file) = sealed.file {
                body.file = Some(files::get(&ctx, id, file).await?.reference());
            }
            let visibility = match input.visibility.as_deref() {
                None | Some("all") => Visibility::All,
                Some("agents") => Visibility::Agents,
                Some(_) => return Err(Problem::field("visibility", "expected all or agents").into()),
            };
            (Kind::Encrypted, visibility)
        }
        "form" => {
            let form: Option<FormKind> = input.form.as_deref().and_then(|form| form.parse().ok());
            let form = form.filter(|form| matches!(form, FormKind::AskMail | FormKind::PostChat));
            let form = form.ok_or_else(|| Problem::field("form", "expected ask_mail or post_chat"))?;
            let given = chat::ask(&ctx, hub, &row, form, by).await?;
            let event = ConversationEvent::of(&given.event, &Members::read(&ctx).await?);
            return Ok((StatusCode::CREATED, JsonBody(SaidConversationEvent { event, repeated: given.repeated })));
        }
        _ => {
            return Err(
                Problem::field("kind", "expected message, note, file, rich, form, template or encrypted").into()
            );
        }
    };
    if !matches!(kind, Kind::File | Kind::Encrypted) {
        words(&body)?;
    }
    let used = body.file.as_ref().and_then(conversations::events::FileRef::file);
    if visibility == Visibility::All && conversations::lines::is_line(row.channel.as_str()) {
        leaves(&app, &ctx, &row, &body).await?;
    }
    let event = NewEvent { kind, visibility, author: by, client: input.client_id, body };
    let given = rows::send(&ctx, hub, id, Said { event, resume: true }).await?;
    if let Some(file) = used {
        files::mark_used(&ctx, file).await?;
    }
    let event = ConversationEvent::of(&given.event, &Members::read(&ctx).await?);
    Ok((StatusCode::CREATED, JsonBody(SaidConversationEvent { event, repeated: given.repeated })))
}

/// Refuses at once what would not leave over a line, with what the channel or the gate has against it.
async fn leaves(app: &App, ctx: &store::Ctx, row: &rows::Conversation, body: &EventBody) -> Result<()> {
    let file = body.file.as_ref().map(|file| Attached {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        bytes: Vec::new(),
    });
    let words = Words {
        text: body.text.clone().unwrap_or_default(),
        choices: body.quick_replies.iter().map(|one| (one.label.clone(), one.value.clone())).collect(),
        file,
        template: body.template.clone(),
    };
    conversations::lines::check(ctx, app.shell.chat().carriers(), row, words).await?;
    Ok(())
}
