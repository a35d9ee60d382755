//! Conversations by mail: tickets, answers that come after the person has left the page, transcripts. Everything
//! goes through the gate as a service message that rests on the person's own request, and can never be part of a
//! campaign. No job carries an address.

mod job;
mod transcript;

use kernel::{ConversationId, Email, Timestamp};
use serde_json::json;
use store::{Ctx, NewJob};

pub use job::MailJob;
pub(crate) use transcript::words_of;
pub use transcript::{Line, UNREADABLE, transcript};

use crate::conversations::{MailThread, Said, send};
use crate::events::NewEvent;
use crate::hub::Hub;
use crate::model::{Author, Kind};
use crate::work::Work;
use crate::{Error, Result, raced, text};

/// The queue of letters that are to be written. Payload: `conversation`, and `transcript`.
pub const QUEUE: &str = "conversation.mail";
/// How long an answer waits for the person to come back to the page before it goes by mail, in seconds.
const AWAY: i64 = 120;
/// How long answers by mail are gathered into one letter, in seconds.
const GATHER: i64 = 10;
/// The most transcripts of a thread.
const TRANSCRIPTS: u32 = 3;

fn job(work: &mut Work, at: Timestamp) {
    let id = work.row.id;
    work.batch.job(NewJob::now(QUEUE, json!({ "conversation": id })).key(id.to_string()).at(at));
}

/// A member answered: by mail at once where the conversation goes by mail, and where the person left the page and
/// gave an address, if they do not come back. Of an encrypted answer the letter says only that it is there.
pub(crate) fn after_answer(work: &mut Work) {
    let (by_mail, now) = (work.row.channel.as_str() == "email", work.ctx().now());
    if by_mail {
        job(work, now.plus_seconds(GATHER));
    } else if work.row.visitor.is_some() {
        job(work, now.plus_seconds(AWAY));
    }
}

/// Nobody is there: what was written becomes a conversation by mail.
pub(crate) fn as_ticket(work: &mut Work, email: Option<&Email>) {
    let Some(email) = email else { return };
    work.details.email = Some(email.to_string());
    let subject = work.details.answers.iter().find(|answer| answer.key == "subject").map(|answer| answer.value.clone());
    work.details.subject = subject.or(work.details.subject.take());
    let now = work.ctx().now();
    // The person waits from now on, though they said it in a form.
    work.row.waiting_since.get_or_insert(now);
    work.row.visitor_at = Some(now);
    work.row.channel = crate::ChannelCode::email();
    work.add(NewEvent::system("ticket_opened"));
    work.touch();
}

/// Asks for a transcript; with an address, to that one.
///
/// # Errors
/// An address that is none, more than three for one thread, no address at all.
pub async fn ask_transcript(ctx: &Ctx, hub: &Hub, id: ConversationId, email: Option<&str>) -> Result<()> {
    let email = email
        .map(|email| Email::parse(email).map_err(|_| Error::field("email", "expected an e-mail address")))
        .transpose()?;
    raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        if work.row.is_encrypted() {
            return Err(crate::encryption::refused("nobody but the devices can read it, so no transcript can be sent"));
        }
        let to = match &email {
            Some(email) => Some(email.to_string()),
            None => address_of(&work).await?,
        };
        let to = to.ok_or_else(|| Error::field("email", "no address is known; give one"))?;
        if work.details.transcripts.get(&work.row.thread_n).copied().unwrap_or_default() >= TRANSCRIPTS {
            return Err(Error::State("three transcripts of this conversation were sent already"));
        }
        work.details.transcripts.retain(|thread, _| *thread == work.row.thread_n);
        *work.details.transcripts.entry(work.row.thread_n).or_default() += 1;
        work.details.transcript_to = Some(to);
        let payload = json!({ "conversation": id, "transcript": true });
        work.batch.job(NewJob::now(QUEUE, payload).key(format!("{id}/transcript")));
        work.add(NewEvent::system("transcript_sent"));
        work.commit(hub).await.map(|_| ())
    })
    .await
}

/// Where answers go by mail, when that is known.
pub(crate) async fn address_of(work: &Work) -> Result<Option<String>> {
    if let Some(email) = &work.details.email {
        return Ok(Some(email.clone()));
    }
    if let Some(visitor) = work.row.visitor
        && let Some(visitor) = crate::visitors::find(work.ctx(), visitor).await?
        && let Some(email) = visitor.profile.email
    {
        return Ok(Some(email));
    }
    let Some(contact) = work.row.contact else { return Ok(None) };
    let read = people::ReadFor::Notice;
    let loaded = people::contacts::get_many(work.ctx(), read, &[contact]).await?.pop().flatten();
    Ok(loaded.and_then(|loaded| loaded.profile.email().map(ToString::to_string)))
}

/// An answer that came in by mail.
#[derive(Clone)]
pub struct CameIn {
    /// The message's own id: it comes in once.
    pub message: kernel::EventId,
    /// The words, without quotes.
    pub text: String,
    /// What an answer refers to, without angle brackets, the letter itself last.
    pub references: Vec<String>,
    /// The address it gives as its writer's.
    pub from: Option<String>,
}

/// Takes an answer by mail into its conversation.
///
/// # Errors
/// When the store fails.
pub async fn came_in(ctx: &Ctx, hub: &Hub, id: ConversationId, letter: CameIn) -> Result<()> {
    let cut: String = clean(&letter.text);
    let cut = if cut.trim().is_empty() { "…".to_owned() } else { cut };
    raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        if work.row.is_encrypted() {
            // What comes by mail was readable on its way: it must not stand among what was not.
            return Err(Error::NotFound("conversation"));
        }
        work.details.mail = Some(MailThread { references: letter.references.clone() });
        work.commit(hub).await.map(|_| ())
    })
    .await?;
    let mut event = NewEvent::message(Author::VISITOR, cut).client(Some(letter.message.to_string()));
    event.kind = Kind::Message;
    event.body.params.insert("by".to_owned(), "mail".into());
    send(ctx, hub, id, Said { event, resume: true }).await?;
    Ok(())
}

/// A text from outside without controls, cut to the longest message.
pub(crate) fn clean(words: &str) -> String {
    let mut out = String::with_capacity(words.len().min(text::LONGEST));
    for c in words.chars().map(|c| if c == '\r' { '\n' } else { c }) {
        if out.len() + c.len_utf8() > text::LONGEST {
            break;
        }
        if c == '\n' || c == '\t' || !c.is_control() {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// Begins a conversation by mail with a contact.
///
/// # Errors
/// [`Error::NotFound`], a contact without an address.
pub async fn begin(
    ctx: &Ctx,
    hub: &Hub,
    contact: kernel::ContactId,
    (by, title, words): (kernel::UserId, &str, &str),
) -> Result<crate::conversations::Conversation> {
    let title = text::line("subject", title, 500)?;
    let words = text::message(words)?;
    let profile = people::contacts::get(ctx, people::ReadFor::Work, contact).await?.loaded.profile;
    let email = profile.email().cloned().ok_or(Error::State("this contact has no e-mail address"))?;
    let name = crate::agents::shown_name(ctx, Some(by)).await?;
    let beginning = crate::work::Beginning {
        subject: contact,
        contact: Some(contact),
        visitor: None,
        channel: crate::ChannelCode::email(),
        widget: None,
        encryption: None,
        details: crate::conversations::Details {
            subject: Some(title),
            email: Some(email.to_string()),
            name: Some(profile.display_name()),
            language: profile.value(people::contacts::Standard::Language).map(str::to_owned),
            ..crate::conversations::Details::default()
        },
    };
    let mut work = Work::begin(ctx, beginning).await?;
    crate::conversations::take_over(&mut work, Some(by));
    let mut event = NewEvent::message(Author::agent(by), words);
    event.body.name = name;
    work.add(event);
    after_answer(&mut work);
    Ok(work.commit(hub).await?.row)
}
