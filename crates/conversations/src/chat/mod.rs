//! What a visitor does: begin, say, fill in, rate, leave. The caller has verified who they are.

mod forms;

use kernel::{Code, Problem, VisitorId};
use store::Ctx;

pub use forms::{FilledIn, Values, fill_in};

use crate::conversations::{self, Conversation, Given, Said};
use crate::encryption::{self, Encryption, Sealed};
use crate::events::{self, Event, EventBody, FormKind, NewEvent, QuickReply};
use crate::hub::Hub;
use crate::mailing;
use crate::model::{Author, ChannelCode, EndedBy, Kind, State, Visibility};
use crate::reports::What;
use crate::visitors::{self, Profile};
use crate::widgets::Widget;
use crate::work::{Beginning, Work};
use crate::{Error, Result, files, raced, routing, text};

/// How a chat begins.
#[derive(Clone)]
pub struct Start {
    /// The request's own id.
    pub client: String,
    /// What was filled in before.
    pub filled: Option<FilledIn>,
    /// The first words.
    pub text: Option<String>,
    /// What is known of the person so far.
    pub profile: Profile,
    /// Where it began, without query and fragment.
    pub page: Option<String>,
    /// Whom they chose.
    pub group: Option<kernel::GroupId>,
}

fn banned() -> Error {
    Problem::new(Code::Forbidden, "this chat is closed to you").into()
}

/// Refuses who may not chat.
///
/// # Errors
/// `forbidden`.
pub async fn admit(ctx: &Ctx, visitor: VisitorId) -> Result<()> {
    match visitors::find(ctx, visitor).await? {
        Some(visitor) if visitor.is_banned(ctx.now()) => Err(banned()),
        _ => Ok(()),
    }
}

/// Begins a chat, or goes on with the one there is: a closed one gets a new thread. A repeated request begins
/// nothing twice.
///
/// # Errors
/// `forbidden` for somebody who was banned, the wrong fields of the form.
pub async fn start(
    ctx: &Ctx,
    hub: &Hub,
    widget: &Widget,
    id: VisitorId,
    start: Start,
) -> Result<(Conversation, Vec<Event>)> {
    admit(ctx, id).await?;
    if widget.settings.identity_required && start.profile.outside.is_none() && visitors::find(ctx, id).await?.is_none()
    {
        return Err(Problem::new(Code::Forbidden, "this chat is for people whom the site knows").into());
    }
    text::client_id(&start.client)?;
    let first = start.text.as_deref().map(text::message).transpose()?;
    let wanted = widget.settings.encryption;
    if wanted == Encryption::EndToEnd {
        if first.is_some() {
            return Err(encryption::refused("begin without words; seal them to the devices and send them then"));
        }
        if !encryption::is_ready(ctx).await? {
            return Err(Problem::new(Code::Unavailable, "no device of a member is approved yet").into());
        }
    }
    let visitor = visitors::begin(ctx, id, widget.id, &start.profile).await?;
    let row = raced(|| async {
        // What was begun readable, or unreadable, stays so; a chat that is over may be followed by another kind.
        let fits =
            |row: &Conversation| row.state != State::Closed || row.is_encrypted() == (wanted == Encryption::EndToEnd);
        let existing = conversations::of_visitor(ctx, id).await?.filter(fits);
        let (mut work, fresh) = if let Some(row) = existing {
            if events::by_client(ctx, row.id, Author::VISITOR, &start.client).await?.is_some() {
                return Ok(row);
            }
            (Work::open(ctx, row.id).await?, false)
        } else {
            let beginning = Beginning {
                subject: visitor.subject(),
                contact: visitor.contact,
                visitor: Some(id),
                channel: ChannelCode::web_chat(),
                widget: Some(widget.id),
                encryption: Some(wanted).filter(|one| *one == Encryption::EndToEnd),
                details: conversations::Details {
                    language: start.profile.language.clone(),
                    ..conversations::Details::default()
                },
            };
            (Work::begin(ctx, beginning).await?, true)
        };
        work.details.page = start.page.clone().or(work.details.page.take());
        let begins = fresh || work.row.state == State::Closed;
        if begins {
            if !fresh {
                work.resume();
            }
            work.row.group = start.group.or(work.row.group);
            let code = if fresh { "chat_started" } else { "chat_resumed" };
            work.add(NewEvent { author: Author::VISITOR, ..NewEvent::system(code) }.client(Some(start.client.clone())));
        }
        if let Some(filled) = &start.filled {
            work.details.take_answers(&filled.answers);
            work.add(filled.event(None));
        }
        if let Some(first) = &first {
            // The beginning itself carries the client's id; words that only go on carry it themselves.
            let client = (!begins).then(|| start.client.clone());
            work.add(NewEvent::message(Author::VISITOR, first.clone()).client(client));
        }
        if begins {
            routing::place(&mut work).await?;
        }
        Ok(work.commit(hub).await?.row)
    })
    .await?;
    if let Some(filled) = &start.filled {
        forms::follow(ctx, hub, id, filled).await?;
    }
    let row = answer_by_bot(ctx, hub, row, first.as_deref()).await?;
    let events = events::after(ctx, row.id, 0.max(row.last_seq - 200), 200).await?;
    Ok((row, events.into_iter().filter(|event| event.visibility == Visibility::All).collect()))
}

/// A bot that has the conversation answers what was said.
pub(crate) async fn answer_by_bot(ctx: &Ctx, hub: &Hub, row: Conversation, said: Option<&str>) -> Result<Conversation> {
    match said {
        Some(said) if row.bot.is_some() => crate::bots::answer(ctx, hub, row.id, said).await,
        _ => Ok(row),
    }
}

/// The visitor's conversation.
///
/// # Errors
/// [`Error::State`] when they have not begun.
pub async fn current(ctx: &Ctx, id: VisitorId) -> Result<Conversation> {
    conversations::of_visitor(ctx, id).await?.ok_or(Error::State("begin the chat first"))
}

/// What a visitor says.
#[derive(Clone)]
pub enum Words {
    /// Words.
    Text(String),
    /// A file that was uploaded, with words.
    File(kernel::FileId, Option<String>),
    /// A quick reply that was offered.
    Postback(i64, String),
    /// What the visitor's page has sealed to the devices.
    Sealed(Sealed),
}

/// Says something; a closed conversation begins a new thread.
///
/// # Errors
/// Texts that are not right, files that are not there, answers that were not offered.
pub async fn say(ctx: &Ctx, hub: &Hub, id: VisitorId, client: &str, words: Words) -> Result<Given> {
    admit(ctx, id).await?;
    text::client_id(client)?;
    let row = current(ctx, id).await?;
    let mut body = EventBody::default();
    let mut kind = Kind::Message;
    let mut used = None;
    match words {
        Words::Text(words) => body.text = Some(text::message(&words)?),
        Words::File(file, words) => {
            let file = files::get(ctx, row.id, file).await?;
            if file.by_agent || file.state == files::FileState::Refused {
                return Err(Error::NotFound("file"));
            }
            (kind, used, body.file) = (Kind::File, Some(file.id), Some(file.reference()));
            body.text = words.as_deref().map(text::message).transpose()?;
        }
        Words::Postback(seq, value) => {
            let offered = events::one(ctx, row.id, seq).await?.filter(|event| event.visibility == Visibility::All);
            let chosen = offered.and_then(|event| event.body.quick_replies.into_iter().find(|one| one.value == value));
            let QuickReply { label, value } = chosen.ok_or_else(|| Error::field("postback", "was not offered"))?;
            body.text = Some(label);
            body.params.insert("postback".to_owned(), value.into());
        }
        Words::Sealed(sealed) => {
            body.encrypted = Some(sealed.checked(Author::VISITOR)?);
            kind = Kind::Encrypted;
            if let Some(file) = sealed.file {
                let file = files::get(ctx, row.id, file).await?;
                if file.by_agent {
                    return Err(Error::NotFound("file"));
                }
                (used, body.file) = (Some(file.id), Some(file.reference()));
            }
        }
    }
    let meaning = body.params.get("postback").and_then(|value| value.as_str()).map(str::to_owned).or(body.text.clone());
    let event =
        NewEvent { kind, visibility: Visibility::All, author: Author::VISITOR, client: Some(client.to_owned()), body };
    let mut given = conversations::send(ctx, hub, row.id, Said { event, resume: true }).await?;
    if let Some(file) = used {
        files::mark_used(ctx, file).await?;
    }
    if !given.repeated {
        given.row = answer_by_bot(ctx, hub, given.row, meaning.as_deref()).await?;
    }
    Ok(given)
}

/// Rates the newest thread: 1, -1, or none to take it back.
///
/// # Errors
/// Another score, a comment that is too long.
pub async fn rate(
    ctx: &Ctx,
    hub: &Hub,
    id: VisitorId,
    score: Option<i64>,
    comment: Option<&str>,
) -> Result<Conversation> {
    if score.is_some_and(|score| score != 1 && score != -1) {
        return Err(Error::field("score", "expected 1, -1 or null"));
    }
    let comment = comment.map(|comment| text::optional("comment", comment, 4000)).transpose()?;
    let comment = comment.filter(|comment| !comment.is_empty());
    let row = current(ctx, id).await?;
    if row.is_encrypted() && comment.is_some() {
        return Err(encryption::refused("a comment would be readable; say it in the chat"));
    }
    let done = raced(|| async {
        let mut work = Work::open(ctx, row.id).await?;
        let before = work.thread.score;
        work.thread.score = score;
        work.thread.sealed = match &comment {
            Some(comment) => {
                let keys = work.keys().clone();
                Some(events::seal(ctx, (work.row.subject, &keys), crate::work::THREAD, comment)?)
            }
            None => None,
        };
        if before != score {
            work.touch();
            for (value, by) in [(before, -1), (score, 1)] {
                let what = match value {
                    Some(1) => What::Good,
                    Some(_) => What::Bad,
                    None => continue,
                };
                work.count_by(what, by);
            }
            if let Some(score) = score {
                work.add(NewEvent::system("rated").with("score", score));
            }
        }
        work.commit(hub).await
    })
    .await?;
    Ok(done.row)
}

/// The comment with which a thread was rated.
///
/// # Errors
/// When it is damaged.
pub async fn comment_of(ctx: &Ctx, thread: &conversations::Thread) -> Result<Option<String>> {
    let Some(sealed) = &thread.sealed else { return Ok(None) };
    let keys = ctx.vault.subject(ctx.workspace, thread.subject).await?;
    events::open(ctx, (thread.subject, &keys), crate::work::THREAD, sealed).map(Some)
}

/// The visitor ends the thread.
///
/// # Errors
/// When the store fails.
pub async fn leave(ctx: &Ctx, hub: &Hub, id: VisitorId) -> Result<Conversation> {
    let row = current(ctx, id).await?;
    conversations::close(ctx, hub, row.id, EndedBy::Visitor).await
}

/// Asks for a transcript by mail.
///
/// # Errors
/// An address that is none.
pub async fn transcript(ctx: &Ctx, hub: &Hub, id: VisitorId, email: &str) -> Result<()> {
    let row = current(ctx, id).await?;
    mailing::ask_transcript(ctx, hub, row.id, Some(email)).await
}

/// Asks the person to fill in a form.
///
/// # Errors
/// When the widget has no such form.
pub async fn ask(ctx: &Ctx, hub: &Hub, row: &Conversation, kind: FormKind, by: Author) -> Result<Given> {
    let widget = match row.widget {
        Some(id) => crate::widgets::find(ctx, id).await?,
        None => None,
    };
    if widget.is_none_or(|widget| widget.settings.forms.get(kind).is_none()) {
        return Err(Error::State("the widget has no such form in use"));
    }
    let body = EventBody { form: Some(kind), ..EventBody::default() };
    let event = NewEvent { kind: Kind::Form, visibility: Visibility::All, author: by, client: None, body };
    conversations::send(ctx, hub, row.id, Said { event, resume: false }).await
}
