//! What is answered over lines, handed to their carriers in order and once.

use kernel::{Code, ConversationId, DeliveryId, Problem};
use outbound::lines::{Attached, Carried, Carriers, Line, Parcel, Words};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, Feed, NewJob, params};

use super::queries as sql;
use super::states::{Delivery, DeliveryState};
use crate::conversations::{self, Conversation};
use crate::events::{self, Event, FileRef};
use crate::files;
use crate::model::{AuthorKind, Kind, Visibility};
use crate::work::Work;
use crate::{Error, Result};

/// The queue of what is to leave. Payload: `conversation`.
pub const QUEUE: &str = "conversation.line_out";

/// Puts what leaves into the commit that adds it: the message has its id from then on.
pub(crate) fn leaves(work: &mut Work, event: &Event) {
    let said = matches!(event.kind, Kind::Message | Kind::File | Kind::Rich);
    let ours = matches!(event.author.kind, AuthorKind::Agent | AuthorKind::Bot);
    if work.details.line.is_none() || !said || !ours || event.visibility != Visibility::All {
        return;
    }
    let (ctx, id, subject) = (work.ctx().clone(), work.row.id, work.row.subject);
    let message: DeliveryId = ctx.id();
    work.batch.push(sql::INSERT, params![ctx.workspace, id, event.seq, subject, message, "waiting", ctx.now()]);
    work.batch.job(NewJob::now(QUEUE, json!({ "conversation": id })).key(id.to_string()));
}

/// Hands what waits to the carriers.
pub struct LeaveJob(Carriers);

impl LeaveJob {
    /// A handler over the process's carriers.
    pub fn new(carriers: Carriers) -> Self {
        Self(carriers)
    }

    async fn all(&self, ctx: &Ctx, id: ConversationId) -> Result<Outcome> {
        let row = conversations::get(ctx, id).await?;
        let Some(line) = conversations::details(ctx, &row).await?.line else { return Ok(Outcome::Done) };
        loop {
            let waiting: Vec<Delivery> = ctx.db.all(sql::WAITING, params![ctx.workspace, id]).await?;
            if waiting.is_empty() {
                return Ok(Outcome::Done);
            }
            for one in waiting {
                match self.one(ctx, &row, (&line, &one)).await? {
                    Some(taken) => note(ctx, &one, taken).await?,
                    // A file that is still looked at: what stands behind it waits, too.
                    None => return Ok(Outcome::Again(ctx.now().plus_seconds(2))),
                }
            }
        }
    }

    /// Hands over one message; none when it is not ready.
    async fn one(
        &self,
        ctx: &Ctx,
        row: &Conversation,
        (line, waiting): (&Line, &Delivery),
    ) -> Result<Option<std::result::Result<Carried, Problem>>> {
        let gone = |detail: &str| Some(Err(Problem::new(Code::Gone, detail)));
        let Some(event) = events::one(ctx, row.id, waiting.seq).await?.filter(|event| !event.deleted) else {
            return Ok(gone("it was deleted before it left"));
        };
        let Some(carrier) = self.0.get(&line.channel) else { return Ok(gone("the channel is not carried any more")) };
        let words = match words_of(ctx, row, &event).await {
            Ok(words) => words,
            Err(Error::State(_)) => {
                let file = event.body.file.as_ref().and_then(FileRef::file);
                let checking = match file {
                    Some(file) => files::get(ctx, row.id, file).await?.state == files::FileState::Checking,
                    None => false,
                };
                return Ok(if checking { None } else { gone("the file was refused") });
            }
            Err(error) => return Err(error),
        };
        let parcel = Parcel { id: waiting.message, subject: row.subject, line: line.clone(), words };
        match carrier.carry(ctx, parcel).await {
            Err(problem) if matches!(problem.code, Code::Internal | Code::Unavailable | Code::StorageFull) => {
                Err(Error::Refused(problem))
            }
            other => Ok(Some(other)),
        }
    }
}

/// What an event says, as a carrier takes it.
async fn words_of(ctx: &Ctx, row: &Conversation, event: &Event) -> Result<Words> {
    let body = &event.body;
    let file = match body.file.as_ref().and_then(FileRef::file) {
        Some(id) => {
            let (file, bytes) = files::content(ctx, row, id).await?;
            Some(Attached { name: file.meta.name, media_type: file.meta.media_type, bytes })
        }
        None => None,
    };
    Ok(Words {
        text: body.text.clone().unwrap_or_default(),
        choices: body.quick_replies.iter().map(|one| (one.label.clone(), one.value.clone())).collect(),
        file,
        template: body.template.clone(),
    })
}

/// Writes down how the carrier took it. What became of it meanwhile is known by the feed.
async fn note(ctx: &Ctx, waiting: &Delivery, taken: std::result::Result<Carried, Problem>) -> Result<()> {
    let (state, reason, parts, price) = match taken {
        Ok(carried) => (DeliveryState::of_taken(carried.state), carried.reason, carried.parts, carried.price_micros),
        Err(problem) => {
            // A field that is at fault says more than that the input was.
            let field = problem.fields.first().map(|one| one.field.clone());
            let reason = field.unwrap_or_else(|| problem.code.as_str().to_owned());
            (DeliveryState::Failed, Some(reason), 0, 0)
        }
    };
    let mut batch = ctx.batch();
    let (id, seq) = (waiting.conversation, waiting.seq);
    batch.push(sql::TAKEN, params![ctx.workspace, id, seq, state, reason, parts, price, ctx.now()]);
    batch.feed(told(id, seq, state.as_str()));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The feed entry that says what became of a message.
pub(super) fn told(conversation: ConversationId, seq: i64, state: &str) -> Feed {
    Feed { kind: "conversation.delivery", entity: conversation.0, data: json!({ "seq": seq, "state": state }) }
}

impl Handler for LeaveJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload["conversation"].as_str().and_then(|text| text.parse().ok());
            let id: ConversationId = id.ok_or("the job names no conversation")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match self.all(&ctx, id).await {
                Ok(outcome) => Ok(outcome),
                // Erased meanwhile: there is nothing to send.
                Err(Error::NotFound(_) | Error::Store(store::Error::KeyDestroyed)) => Ok(Outcome::Done),
                Err(error) => Err(error.problem().code.as_str().to_owned()),
            }
        })
    }
}
