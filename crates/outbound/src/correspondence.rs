//! Letters of a conversation: what members write to somebody who wrote to them, as mail. The person's own message is
//! their basis. The answer to such a letter belongs to the conversation: the mail channel finds it by the delivery
//! and puts a job on [`ANSWER_QUEUE`].

use std::collections::BTreeMap;

use content::{MergeValues, Variants};
use kernel::{ContactId, Email, EventId, Locale, RawId};
use privacy::vocabulary::{Channel, Purpose};
use serde_json::json;
use store::{Ctx, NewJob, params};

use crate::answering::{catalog, content};
use crate::deliveries::{Addressee, DeliveryRow, Draft, Run, RunState, Source, enqueue_alone};
use crate::service::Outbound;
use crate::{Error, Letter, Result, Thread, notices};

/// The queue of answers that came in by mail. Payload: `message`, `about`.
pub const ANSWER_QUEUE: &str = "conversation.mail_in";

store::sql! {
    REMEMBER = "INSERT INTO correspondence (workspace, source, about, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, source) DO NOTHING";
    ABOUT = "SELECT about FROM correspondence WHERE workspace = $1 AND source = $2";
    DUE = "SELECT NULL, at, source FROM correspondence WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END = "DELETE FROM correspondence WHERE workspace = $1 AND source = $2";
}

/// A letter.
#[derive(Clone)]
pub struct Correspondence {
    /// The message's own id: a second one with it sends nothing.
    pub id: RawId,
    /// What it is about: the conversation.
    pub about: RawId,
    /// Under whose key it rests.
    pub subject: ContactId,
    /// To which address.
    pub to: Email,
    /// What the person is called.
    pub name: Option<String>,
    /// In which language.
    pub language: Locale,
    /// The subject line.
    pub title: String,
    /// The words.
    pub text: String,
    /// What it answers.
    pub letter: Option<Letter>,
}

impl std::fmt::Debug for Correspondence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Correspondence([pii])")
    }
}

/// Sends a letter through the gate as a service message that rests on the person's own request.
///
/// # Errors
/// [`Error::Denied`] when the gate says no; [`Error::State`] without a sender.
pub async fn send(outbound: &Outbound, ctx: &Ctx, letter: Correspondence) -> Result<()> {
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound("workspace"))?;
    let version = outbound.versions().save(ctx, &Variants::from(content(&letter.language)), &catalog()).await?;
    let run = Run {
        workspace: ctx.workspace,
        source: letter.id,
        channel: Channel::Email,
        purpose: Purpose::SERVICE,
        topic: None,
        content: version.id.into(),
        content_hash: version.hash,
        settings: Source {
            sender: notices::sender(ctx, &workspace).await?,
            list: None,
            organisation: workspace.name,
            postal_address: workspace.postal_address,
            reason: None,
            missing: Vec::new(),
            track: false,
            series: None,
        },
        state: RunState::Running,
        complete: true,
        not_before: ctx.now(),
    };
    notices::state_request(ctx, letter.subject, "conversation").await?;
    // Before the letter: an answer to it must find its conversation.
    let mut batch = ctx.batch();
    batch.push(REMEMBER, params![ctx.workspace, letter.id, letter.about, ctx.now()]);
    ctx.db.apply(batch).await?;
    let verified = match outbound.channels().get(Channel::Email) {
        Some(channel) => channel.sender_verified(ctx.workspace, &run.settings.sender).await,
        None => return Err(Error::NoChannel(Channel::Email)),
    };
    let fields = [("answer_subject", letter.title), ("answer", letter.text)];
    let addressee = Addressee {
        invitation: None,
        address: letter.to.wire(),
        name: letter.name,
        language: Some(letter.language.to_string()),
        values: MergeValues {
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
            ..MergeValues::default()
        },
        thread: letter.letter.map(Thread::Letter),
    };
    let draft = Draft { contact: letter.subject, email: letter.to, addressee };
    let summary = enqueue_alone(ctx, outbound.gate(), &run, draft, verified).await?;
    outbound.wake();
    summary.denied.into_keys().next().map_or(Ok(()), |reason| Err(Error::Denied(reason)))
}

/// The conversation that a delivery belongs to, if it is a letter of one.
///
/// # Errors
/// The store's.
pub async fn about(ctx: &Ctx, row: &DeliveryRow) -> Result<Option<RawId>> {
    let found: Option<(RawId,)> = ctx.db.get(ABOUT, params![ctx.workspace, row.source]).await?;
    Ok(found.map(|found| found.0))
}

/// Puts the job into a batch that brings an answer to its conversation.
pub fn answered(batch: &mut store::Batch, message: EventId, about: RawId) {
    let about = data_encoding::HEXLOWER.encode(&about);
    batch.job(NewJob::now(ANSWER_QUEUE, json!({ "message": message, "about": about })).key(message.to_string()));
}

store::retention!(store::RetentionRule {
    table: "correspondence",
    class: "comms.traffic",
    covers: &[],
    event: "the letter",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
