//! Writes letters: what the person has not read yet, or a transcript.

use std::fmt::Write as _;

use kernel::{ConversationId, Email, Locale, RawId};
use outbound::correspondence::{self, Correspondence};
use outbound::{Letter, Outbound};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use super::{QUEUE, address_of, transcript};
use crate::events::{self, Event};
use crate::hub::Hub;
use crate::model::{AuthorKind, Visibility};
use crate::work::Work;
use crate::{Error, Result, raced, words};

/// Writes the letters of conversations: the queue [`QUEUE`].
pub struct MailJob {
    outbound: Outbound,
    hub: Hub,
}

impl MailJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound, hub: Hub) -> Self {
        Self { outbound, hub }
    }
}

impl Handler for MailJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload["conversation"].as_str().and_then(|text| text.parse().ok());
            let id: ConversationId = id.ok_or("the job names no conversation")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            let done = if job.payload["transcript"].as_bool() == Some(true) {
                self.transcript(&ctx, id, job.id.0).await
            } else {
                self.answers(&ctx, id).await
            };
            match done {
                // Somebody who was erased meanwhile is written nothing.
                Ok(()) | Err(Error::NotFound(_) | Error::Store(store::Error::KeyDestroyed)) => Ok(Outcome::Done),
                Err(error) => Err(error.problem().code.as_str().to_owned()),
            }
        })
    }
}

/// What is to be sent, and up to which event it tells.
struct Pending {
    letter: Correspondence,
    upto: i64,
}

impl MailJob {
    async fn answers(&self, ctx: &Ctx, id: ConversationId) -> Result<()> {
        let Some(pending) = self.pending(ctx, id).await? else { return Ok(()) };
        send(&self.outbound, ctx, pending.letter).await?;
        raced(|| async {
            let mut work = Work::open(ctx, id).await?;
            work.details.mailed = work.details.mailed.max(pending.upto);
            work.commit(&self.hub).await.map(|_| ())
        })
        .await
    }

    async fn pending(&self, ctx: &Ctx, id: ConversationId) -> Result<Option<Pending>> {
        let work = Work::open(ctx, id).await?;
        let by_mail = work.row.channel.as_str() == "email";
        if !by_mail && work.row.visitor.is_some_and(|visitor| self.hub.is_here(ctx.workspace, visitor)) {
            return Ok(None);
        }
        let read = if by_mail { 0 } else { crate::conversations::seen_by(ctx, &work.row, work.row.subject.0).await? };
        let from = read.max(work.details.mailed);
        let new = events::after(ctx, id, from, events::MOST).await?;
        let told = |event: &&Event| {
            event.author.kind == AuthorKind::Agent && event.visibility == Visibility::All && !event.deleted
        };
        let new: Vec<&Event> = new.iter().filter(told).collect();
        let Some(upto) = new.last().map(|event| event.seq) else { return Ok(None) };
        let Some(to) = address_of(&work).await?.and_then(|email| Email::parse(&email).ok()) else { return Ok(None) };
        let language = language_of(&work);
        let text = if work.row.is_encrypted() {
            words::get(&language, "letter.encrypted")
        } else {
            said(&new, by_mail, &language)
        };
        let title = self.title(ctx, &work, &language).await?;
        // The same answers make the same letter: a second run sends nothing twice.
        let mark = [&id.0[..], &upto.to_be_bytes()].concat();
        let source: RawId = ctx.keys().await?.mac("conversation.letter", &mark);
        let letter = Self::letter(&work, source, to, (title, text));
        Ok(Some(Pending { letter, upto }))
    }

    async fn title(&self, ctx: &Ctx, work: &Work, language: &str) -> Result<String> {
        if let Some(subject) = work.details.subject.as_deref().filter(|subject| !subject.is_empty()) {
            return Ok(words::fill(language, "letter.answer", &[("subject", subject)]));
        }
        let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
        let name = workspace.map(|workspace| workspace.name).unwrap_or_default();
        Ok(words::fill(language, "letter.title", &[("organisation", &name)]))
    }

    fn letter(work: &Work, id: RawId, to: Email, (title, text): (String, String)) -> Correspondence {
        let letter = work.details.mail.as_ref().and_then(|mail| {
            let (own, before) = mail.references.split_last()?;
            Some(Letter::new(Some(own), before.iter().map(String::as_str)))
        });
        Correspondence {
            id,
            about: work.row.id.0,
            subject: work.row.subject,
            to,
            name: work.details.name.clone(),
            language: language_of(work).parse().unwrap_or_else(|_| Locale::en()),
            title,
            text,
            letter,
        }
    }

    async fn transcript(&self, ctx: &Ctx, id: ConversationId, source: RawId) -> Result<()> {
        let work = Work::open(ctx, id).await?;
        let Some(to) = work.details.transcript_to.clone() else { return Ok(()) };
        let to = Email::parse(&to).map_err(|_| Error::Corrupt("address"))?;
        let language = language_of(&work);
        let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
        let organisation = workspace.map(|workspace| workspace.name).unwrap_or_default();
        let mut text = words::get(&language, "transcript.intro");
        text.push_str("\n\n");
        for line in transcript(ctx, id, Some(work.thread.id), false).await? {
            let by = if line.by_person { words::get(&language, "transcript.you") } else { line.name };
            let at = line.at.to_jiff().strftime("%Y-%m-%d %H:%M UTC");
            let _ = writeln!(text, "[{at}] {by}: {}", line.text);
        }
        let title = words::fill(&language, "transcript.title", &[("organisation", &organisation)]);
        let letter = Self::letter(&work, source, to, (title, text));
        send(&self.outbound, ctx, letter).await?;
        raced(|| async {
            let mut work = Work::open(ctx, id).await?;
            work.details.transcript_to = None;
            work.commit(&self.hub).await.map(|_| ())
        })
        .await
    }
}

/// The words of answers, as a letter has them.
fn said(new: &[&Event], by_mail: bool, language: &str) -> String {
    let mut text = String::new();
    if !by_mail {
        text.push_str(&words::get(language, "letter.away"));
        text.push_str("\n\n");
    }
    for event in new {
        if let Some(name) = event.body.name.as_deref().filter(|name| !name.is_empty()) {
            text.push_str(&words::fill(language, "letter.said", &[("name", name)]));
            text.push('\n');
        }
        if let Some(words) = &event.body.text {
            text.push_str(words);
            text.push('\n');
        }
        if let Some(file) = &event.body.file {
            text.push_str(&words::fill(language, "transcript.file", &[("name", &file.name)]));
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str("--\n");
    text.push_str(&words::get(language, "letter.foot"));
    text
}

fn language_of(work: &Work) -> String {
    work.details.language.clone().unwrap_or_else(|| "en".to_owned())
}

/// Hands a letter to the gate. What it denies is not tried again: the person is not to be written to.
async fn send(outbound: &Outbound, ctx: &Ctx, letter: Correspondence) -> Result<()> {
    match correspondence::send(outbound, ctx, letter).await {
        Ok(()) => Ok(()),
        Err(outbound::Error::Denied(reason)) => {
            tracing::info!(reason, "a letter of a conversation was denied");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
