//! Conversations over lines: SMS and chat apps. What somebody writes lands in the one inbox, in the conversation
//! of their line, and is routed, answered by bots and watched over like a chat; what a member or a bot answers
//! leaves over the same line, through the gate, and what becomes of it is shown beside it.

mod came_in;
mod leave;
mod personal;
pub(crate) mod queries;
mod states;

use kernel::{ContactId, ConversationId, RawId, UserId};
use outbound::lines::{Carriers, Line, Parcel, Quote, Template, Words};
use store::{Ctx, params};

pub use came_in::{CameInJob, came_in};
pub(crate) use leave::leaves;
pub use leave::{LeaveJob, QUEUE};
pub use states::{Delivery, DeliveryState, follow, of_events};

use crate::conversations::{Conversation, Details};
use crate::events::NewEvent;
use crate::hub::Hub;
use crate::model::{Author, ChannelCode};
use crate::work::{Beginning, Work};
use crate::{Error, Result, raced, text};

/// Whether a channel's messages leave over a line: everything but mail and the chat on pages.
pub fn is_line(channel: &str) -> bool {
    !matches!(channel, "web_chat" | "email")
}

/// The keyed mark under which a line is found.
async fn mark(ctx: &Ctx, line: &Line) -> Result<RawId> {
    let keys = ctx.keys().await?;
    Ok(keys.mac("conversation.line", format!("{}\n{}\n{}", line.channel, line.account, line.address).as_bytes()))
}

/// The conversation of a line with this person. A line that somebody else had before them (a number that was given
/// on) is not theirs.
async fn find(
    ctx: &Ctx,
    line: &Line,
    (subject, contact): (ContactId, Option<ContactId>),
) -> Result<Option<Conversation>> {
    let found: Option<(ConversationId,)> =
        ctx.db.get(queries::FIND, params![ctx.workspace, mark(ctx, line).await?]).await?;
    let Some((id,)) = found else { return Ok(None) };
    let row = match crate::conversations::get(ctx, id).await {
        Ok(row) => row,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(row).filter(|row| row.subject == subject || (contact.is_some() && row.contact == contact)))
}

/// A new conversation over a line, to be committed by the caller.
async fn open_line(
    ctx: &Ctx,
    line: &Line,
    (subject, contact): (ContactId, Option<ContactId>),
    details: Details,
) -> Result<Work> {
    let beginning = Beginning {
        subject,
        contact,
        visitor: None,
        channel: ChannelCode::new(&line.channel)?,
        widget: None,
        encryption: None,
        details: Details { line: Some(line.clone()), ..details },
    };
    let mut work = Work::begin(ctx, beginning).await?;
    let mark = mark(ctx, line).await?;
    // Whatever had the line until now is over, or was somebody else's.
    let before: Option<(ConversationId,)> = ctx.db.get(queries::FIND, params![ctx.workspace, mark]).await?;
    if let Some((before,)) = before {
        work.batch.push(queries::FREE, params![ctx.workspace, mark, before]);
    }
    let (id, now) = (work.row.id, ctx.now());
    work.batch.push(queries::CLAIM, params![ctx.workspace, mark, id, subject, now]);
    Ok(work)
}

/// What a member begins over a line.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Over which channel.
    pub channel: String,
    /// From which of our ends; none lets the channel choose.
    pub account: Option<String>,
    /// The words.
    pub text: String,
    /// An approved text, where the channel asks for one.
    pub template: Option<Template>,
}

/// Begins a conversation with a contact over a line, or goes on with the one there is.
///
/// # Errors
/// A channel that is not there, a contact that cannot be reached there, what the channel or the gate has against it.
pub async fn begin(
    ctx: &Ctx,
    (hub, carriers): (&Hub, &Carriers),
    contact: ContactId,
    by: Author,
    begin: Begin,
) -> Result<Conversation> {
    let words = text::message(&begin.text)?;
    let carrier = carriers.get(&begin.channel).ok_or_else(|| unknown(carriers))?;
    let line = carrier.reach(ctx, &begin.channel, contact, begin.account.as_deref()).await?;
    let said = Words { text: words.clone(), template: begin.template.clone(), ..Words::default() };
    let parcel = Parcel { id: ctx.id(), subject: contact, line: line.clone(), words: said };
    refused(carrier.quote(ctx, &parcel).await?)?;
    let user = by.id.map(UserId);
    let name = crate::agents::shown_name(ctx, user).await?;
    let language = language_of(ctx, contact).await?;
    let done = raced(|| async {
        let mut work = if let Some(row) = find(ctx, &line, (contact, Some(contact))).await? {
            let mut work = Work::open(ctx, row.id).await?;
            if work.row.state == crate::State::Closed {
                work.resume();
                work.add(NewEvent::system("reopened"));
            }
            work
        } else {
            let details = Details { language: language.clone(), ..Details::default() };
            open_line(ctx, &line, (contact, Some(contact)), details).await?
        };
        let keeper = user.or(work.row.assignee);
        crate::conversations::take_over(&mut work, keeper);
        let mut event = NewEvent::message(by, words.clone()).named(name.clone());
        if let Some(template) = &begin.template {
            event.body.template = Some(template.clone());
        }
        work.add(event);
        work.commit(hub).await
    })
    .await?;
    Ok(done.row)
}

async fn language_of(ctx: &Ctx, contact: ContactId) -> Result<Option<String>> {
    let profile = people::contacts::get(ctx, people::ReadFor::Work, contact).await?.loaded.profile;
    Ok(profile.value(people::contacts::Standard::Language).map(str::to_owned))
}

fn unknown(carriers: &Carriers) -> Error {
    let all: Vec<&str> = ["email"].into_iter().chain(carriers.channels()).collect();
    Error::field("channel", format!("expected one of {}", all.join(", ")))
}

fn refused(quote: Quote) -> Result<Quote> {
    match quote.refused {
        Some(problem) => Err(Error::Refused(problem)),
        None => Ok(quote),
    }
}

/// What saying this in a conversation would be: parts, price, window, and what speaks against it. None for mail and
/// the chat on pages, where nothing of the kind is counted.
///
/// # Errors
/// When it cannot be found out.
pub async fn quote(ctx: &Ctx, carriers: &Carriers, row: &Conversation, words: Words) -> Result<Option<Quote>> {
    let details = crate::conversations::details(ctx, row).await?;
    let Some(line) = details.line else { return Ok(None) };
    let Some(carrier) = carriers.get(&line.channel) else {
        let problem =
            kernel::Problem::new(kernel::Code::Unavailable, "this server does not carry the channel any more");
        return Ok(Some(Quote { refused: Some(problem), ..Quote::default() }));
    };
    let parcel = Parcel { id: ctx.id(), subject: row.subject, line, words };
    Ok(Some(carrier.quote(ctx, &parcel).await?))
}

/// Refuses at once what would not leave.
///
/// # Errors
/// What the channel or the gate has against it.
pub async fn check(ctx: &Ctx, carriers: &Carriers, row: &Conversation, words: Words) -> Result<()> {
    if let Some(quote) = quote(ctx, carriers, row, words).await? {
        refused(quote)?;
    }
    Ok(())
}

/// Says that somebody of whom nothing was known but what a chat app says is a contact, or nobody whom we know.
///
/// # Errors
/// When the store fails.
pub async fn link(ctx: &Ctx, hub: &Hub, subject: ContactId, contact: Option<ContactId>) -> Result<()> {
    let mut batch = ctx.batch();
    match contact {
        Some(contact) => people::contacts::adopt(&mut batch, ctx, subject, contact),
        None => people::contacts::disown(&mut batch, ctx, subject),
    }
    ctx.db.apply(batch).await?;
    crate::conversations::contact_known(ctx, hub, subject, contact).await
}
