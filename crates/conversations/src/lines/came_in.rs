//! What people write over lines, brought to its conversation once.

use kernel::EventId;
use outbound::lines::{Attached, CAME_IN_QUEUE, CameIn, Carriers};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::conversations::{self, Conversation, Details, Said};
use crate::events::{self, EventBody, NewEvent};
use crate::files::{self, Upload};
use crate::hub::Hub;
use crate::mailing::clean;
use crate::model::{Author, EndedBy, Kind, State, Visibility};
use crate::widgets::{FileRules, LARGEST_FILE};
use crate::{Error, Result, chat, raced, routing};

/// Brings what people wrote over lines to their conversations.
pub struct CameInJob {
    carriers: Carriers,
    hub: Hub,
    scanned: bool,
}

impl CameInJob {
    /// A handler; `scanned` says that files wait for a scanner.
    pub fn new(carriers: Carriers, hub: Hub, scanned: bool) -> Self {
        Self { carriers, hub, scanned }
    }

    async fn bring(&self, core: &Core, job: &Job) -> std::result::Result<(), String> {
        let read = |name: &str| job.payload[name].as_str().ok_or("the job lacks a field");
        let message: EventId = read("message")?.parse().map_err(|_| "no message")?;
        let carrier = self.carriers.get(read("channel")?).ok_or("nothing carries this channel")?;
        let ctx = core.ctx(job.workspace, Actor::Person);
        let code = |problem: kernel::Problem| problem.code.as_str().to_owned();
        let Some(came) = carrier.came_in(&ctx, message).await.map_err(code)? else { return Ok(()) };
        match came_in(&ctx, &self.hub, (message, came), self.scanned).await {
            // The person was erased meanwhile.
            Ok(()) | Err(Error::NotFound(_) | Error::Store(store::Error::KeyDestroyed)) => Ok(()),
            Err(error) => Err(code(error.problem())),
        }
    }
}

impl Handler for CameInJob {
    fn queue(&self) -> &'static str {
        CAME_IN_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move { self.bring(core, &job).await.map(|()| Outcome::Done) })
    }
}

/// Takes what somebody wrote into the conversation of their line. The same message comes in once.
///
/// # Errors
/// When the store fails.
pub async fn came_in(ctx: &Ctx, hub: &Hub, (message, came): (EventId, CameIn), scanned: bool) -> Result<()> {
    let who = (came.subject, came.contact);
    if came.stop {
        return stopped(ctx, hub, &came).await;
    }
    let words = clean(&came.text);
    let words = if words.is_empty() && came.files.is_empty() { "…".to_owned() } else { words };
    let known = super::find(ctx, &came.line, who).await?;
    let meant = match &known {
        Some(row) => meant(ctx, row, &came).await?,
        None => came.choice.clone(),
    };
    let first = (!words.is_empty()).then(|| worded(&came, words, meant.as_deref()).client(Some(message.to_string())));
    let (row, fresh) = match known {
        Some(row) => (row, false),
        None => (begun(ctx, hub, &came, first.as_ref()).await?, true),
    };
    if let Some(event) = first {
        let said = meant.or(event.body.text.clone());
        let given = conversations::send(ctx, hub, row.id, Said { event, resume: true }).await?;
        if fresh || !given.repeated {
            chat::answer_by_bot(ctx, hub, given.row, said.as_deref()).await?;
        }
    }
    for (place, file) in came.files.iter().enumerate() {
        let client = format!("{message}-{}", place + 1);
        if events::by_client(ctx, row.id, Author::VISITOR, &client).await?.is_some() {
            continue;
        }
        let event = attached(ctx, &row, file, scanned).await?.client(Some(client));
        let used = event.body.file.as_ref().and_then(events::FileRef::file);
        conversations::send(ctx, hub, row.id, Said { event, resume: true }).await?;
        if let Some(file) = used {
            files::mark_used(ctx, file).await?;
        }
    }
    Ok(())
}

/// The first words of a line begin a conversation, which is routed like a chat.
async fn begun(ctx: &Ctx, hub: &Hub, came: &CameIn, first: Option<&NewEvent>) -> Result<Conversation> {
    let done = raced(|| async {
        if let Some(row) = super::find(ctx, &came.line, (came.subject, came.contact)).await? {
            return Ok(row);
        }
        let details = Details { language: came.language.clone(), name: came.name.clone(), ..Details::default() };
        let mut work = super::open_line(ctx, &came.line, (came.subject, came.contact), details).await?;
        work.add(NewEvent { author: Author::VISITOR, ..NewEvent::system("chat_started") });
        if let Some(first) = first {
            work.add(first.clone());
        }
        routing::place(&mut work).await?;
        Ok(work.commit(hub).await?.row)
    })
    .await?;
    routing::after(ctx, hub, &done).await;
    Ok(done)
}

/// What a pressed choice, or the number or words of one that stands last, mean.
async fn meant(ctx: &Ctx, row: &Conversation, came: &CameIn) -> Result<Option<String>> {
    if came.choice.is_some() {
        return Ok(came.choice.clone());
    }
    let said = kernel::fold(came.text.trim());
    let all = events::before(ctx, row.id, i64::MAX, 20).await?;
    let told = all.iter().rev().find(|event| event.visibility == Visibility::All && event.kind != Kind::System);
    let Some(offered) = told.filter(|event| event.kind == Kind::Rich) else { return Ok(None) };
    let choices = &offered.body.quick_replies;
    let by_number = kernel::fold(said.trim_end_matches(['.', ')'])).parse::<usize>().ok();
    let chosen = by_number.and_then(|number| choices.get(number.checked_sub(1)?));
    let chosen = chosen.or_else(|| choices.iter().find(|one| kernel::fold(&one.label) == said));
    Ok(chosen.map(|one| one.value.clone()))
}

fn worded(came: &CameIn, words: String, meant: Option<&str>) -> NewEvent {
    let mut event = NewEvent::message(Author::VISITOR, words);
    event.body.params.insert("by".to_owned(), came.line.channel.clone().into());
    event.body.params.extend(came.notes.clone());
    if let Some(meant) = meant {
        event.body.params.insert("postback".to_owned(), meant.into());
    }
    event
}

/// A file as an event; what may not be kept is named and nothing more.
async fn attached(ctx: &Ctx, row: &Conversation, file: &Attached, scanned: bool) -> Result<NewEvent> {
    let rules = FileRules { max_bytes: LARGEST_FILE, types: files::KNOWN.map(str::to_owned).to_vec() };
    // What an app says of a file's type is often a near miss; the octets say what it is.
    let upload = Upload { name: &file.name, declared: None, bytes: &file.bytes, by_agent: false };
    match files::keep(ctx, row, &rules, upload, scanned).await {
        Ok(kept) => {
            let body = EventBody { file: Some(kept.reference()), ..EventBody::default() };
            let visibility = Visibility::All;
            Ok(NewEvent { kind: Kind::File, visibility, author: Author::VISITOR, client: None, body })
        }
        Err(Error::Store(error)) => Err(error.into()),
        Err(error) => {
            let why = error.problem().code.as_str();
            let event = NewEvent::system("file_refused").with("reason", why);
            Ok(NewEvent { author: Author::VISITOR, ..event })
        }
    }
}

/// They want no more messages: the open thread ends, and says why.
async fn stopped(ctx: &Ctx, hub: &Hub, came: &CameIn) -> Result<()> {
    let Some(row) = super::find(ctx, &came.line, (came.subject, came.contact)).await? else { return Ok(()) };
    if row.state == State::Closed {
        return Ok(());
    }
    let event = NewEvent { author: Author::VISITOR, ..NewEvent::system("stopped") };
    conversations::send(ctx, hub, row.id, Said { event, resume: false }).await?;
    conversations::close(ctx, hub, row.id, EndedBy::Visitor).await?;
    Ok(())
}
