//! Answers to people's questions about their data: prepared by `privacy::answers`, sent as a service message that
//! rests on the question itself, to the address the answered message went to and no other.

use std::collections::BTreeMap;

use content::{Body, FieldCatalog, MergeValues, Source as Content, Variants};
use kernel::{ContactId, DeliveryId, Email, EventId, Locale, Timestamp};
use privacy::answers::{self, Frame, Prepared, Question, Settings};
use privacy::vocabulary::{Channel, Purpose};
use serde_json::json;
use store::{Ctx, params};

use crate::deliveries::{Addressee, DeliveryRow, Draft, Run, RunState, Source, enqueue_alone};
use crate::service::Outbound;
use crate::tracking::DeliveryLinks;
use crate::{Error, Result, notices};
use crate::{Letter, Thread};

/// One person gets one automatic answer to one question in this time.
const AGAIN_AFTER: i64 = 7 * Timestamp::DAY;

store::sql! {
    ANSWERED = "INSERT INTO answered (workspace, contact, question, message, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, contact, question) DO UPDATE SET message = $4, at = $5
        WHERE answered.at <= $6 OR answered.message = $4";
    ANSWERS_OF = "SELECT question, at FROM answered WHERE workspace = $1 AND contact = $2 ORDER BY question";
    DUE = "SELECT contact, at, contact, question FROM answered WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END = "DELETE FROM answered WHERE workspace = $1 AND contact = $2 AND question = $3";
    ERASE_ANSWERS = "DELETE FROM answered WHERE workspace = $1 AND contact = $2";
}

/// Whose question it is.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The message that came in.
    pub message: EventId,
    /// The delivery it answers.
    pub delivery: DeliveryId,
    /// What the answer refers to.
    pub letter: Letter,
}

/// What the workspace has set about its answers.
///
/// # Errors
/// When the store fails.
pub async fn settings(ctx: &Ctx) -> Result<Settings> {
    match workspace(ctx).await {
        Ok(workspace) => Ok(workspace.setting("answers").unwrap_or_default()),
        // Without a workspace of record nothing is answered without a human.
        Err(Error::NotFound(_)) => Ok(Settings::default()),
        Err(error) => Err(error),
    }
}

async fn workspace(ctx: &Ctx) -> Result<accounts::workspaces::Workspace> {
    let found = accounts::workspaces::find(&ctx.core, ctx.workspace).await;
    found.map_err(|error| Error::Store(store::Error::Refused(error.problem())))?.ok_or(Error::NotFound("workspace"))
}

async fn addressee(ctx: &Ctx, row: &DeliveryRow) -> Result<Addressee> {
    Addressee::of(ctx, row.contact, row.sealed.as_deref()).await?.ok_or(Error::NotFound("message"))
}

/// Writes the answer to a question about a delivery, in its recipient's language.
///
/// # Errors
/// [`Error::NotFound`] when the delivery or its recipient is no more.
pub async fn prepare(outbound: &Outbound, ctx: &Ctx, delivery: DeliveryId, question: Question) -> Result<Prepared> {
    let row = DeliveryRow::find(ctx, delivery).await?.ok_or(Error::NotFound("message"))?;
    let workspace = workspace(ctx).await?;
    let spoken: Option<Locale> = addressee(ctx, &row).await?.language.and_then(|text| text.parse().ok());
    let keys = ctx.keys().await?;
    let links = DeliveryLinks::new(&keys, outbound.public_url(), (ctx.workspace, delivery), false);
    let frame = Frame {
        settings: workspace.setting("answers").unwrap_or_default(),
        stop: Some(links.unsubscribe_url()),
        centre: Some(links.preferences_url()),
        organisation: workspace.name,
        postal_address: workspace.postal_address,
    };
    let language = spoken.unwrap_or(workspace.language);
    Ok(answers::prepare(ctx, row.contact, question, &language, &frame).await?)
}

/// Answers a question without a human; false when this person was answered the same within seven days. Doing it
/// again for the same message sends nothing twice.
///
/// # Errors
/// As [`prepare`] and [`send`].
pub async fn answer_once(outbound: &Outbound, ctx: &Ctx, asked: Asked, question: Question) -> Result<bool> {
    let row = DeliveryRow::find(ctx, asked.delivery).await?.ok_or(Error::NotFound("message"))?;
    let prepared = prepare(outbound, ctx, asked.delivery, question).await?;
    let (now, before) = (ctx.now(), Timestamp(ctx.now().0 - AGAIN_AFTER));
    let mut batch = ctx.batch();
    batch.guard(ANSWERED, params![ctx.workspace, row.contact, question.as_str(), asked.message, now, before]);
    match ctx.db.apply(batch).await {
        Ok(_) => {}
        Err(store::Error::Guard(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    let asked = Asked { letter: asked.letter.answered_by_machine(), ..asked };
    send(outbound, ctx, asked, &prepared.language, (&prepared.subject, &prepared.text)).await?;
    Ok(true)
}

/// Sends an answer, prepared or edited, to the address that the answered message went to. One message is answered
/// once.
///
/// # Errors
/// [`Error::Denied`] when the gate says no; [`Error::State`] without a sender.
pub async fn send(
    outbound: &Outbound,
    ctx: &Ctx,
    asked: Asked,
    language: &Locale,
    (subject, text): (&str, &str),
) -> Result<()> {
    let row = DeliveryRow::find(ctx, asked.delivery).await?.ok_or(Error::NotFound("message"))?;
    let to = addressee(ctx, &row).await?;
    let email: Email = to.address.parse().map_err(|_| Error::NotFound("address"))?;
    let run = opened(outbound, ctx, &asked, language).await?;
    notices::state_request(ctx, row.contact, "question").await?;
    let values = [("answer_subject", subject), ("answer", text)];
    let fields: BTreeMap<String, String> =
        values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let addressee = Addressee {
        invitation: None,
        address: to.address,
        name: to.name,
        language: Some(language.to_string()),
        values: MergeValues { fields, ..MergeValues::default() },
        thread: Some(Thread::Letter(asked.letter)),
    };
    let verified = match outbound.channels().get(Channel::Email) {
        Some(channel) => channel.sender_verified(ctx.workspace, &run.settings.sender).await,
        None => return Err(Error::NoChannel(Channel::Email)),
    };
    let draft = Draft { contact: row.contact, email, addressee };
    let summary = enqueue_alone(ctx, outbound.gate(), &run, draft, verified).await?;
    outbound.wake();
    summary.denied.into_keys().next().map_or(Ok(()), |reason| Err(Error::Denied(reason)))
}

/// The run of one message that answers; its source is the message that asked.
async fn opened(outbound: &Outbound, ctx: &Ctx, asked: &Asked, language: &Locale) -> Result<Run> {
    let version = outbound.versions().save(ctx, &Variants::from(content(language)), &catalog()).await?;
    let workspace = workspace(ctx).await?;
    Ok(Run {
        workspace: ctx.workspace,
        source: asked.message.0,
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
    })
}

/// The fields of an answer.
pub(crate) fn catalog() -> FieldCatalog {
    FieldCatalog::standard().with("answer_subject", "answer subject", &[]).with("answer", "answer", &[])
}

/// Everything of an answer is a merge value: what stands in it is never read as a template, and is escaped in HTML.
pub(crate) fn content(language: &Locale) -> Content {
    let html = "<html><body><div dir=\"auto\" style=\"font-family:sans-serif;max-width:40em;margin:2em auto;\
                line-height:1.6;white-space:pre-wrap\">{{ answer | required }}</div></body></html>";
    Content {
        body: Body::Html(html.to_owned()),
        text: Some("{{ answer | required }}\n".to_owned()),
        subject: "{{ answer_subject | required }}".to_owned(),
        preheader: None,
        language: language.clone(),
    }
}

fn collect<'a>(
    ctx: &'a Ctx,
    contact: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<(String, Timestamp)> = ctx.db.all(ANSWERS_OF, params![ctx.workspace, contact]).await?;
        Ok(rows.into_iter().map(|(question, at)| json!({"question": question, "answered_at": at})).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "answered",
    class: "comms.traffic",
    subject: "contact",
    columns: &[],
    erase: &[ERASE_ANSWERS],
    kept: None,
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "answered",
    class: "comms.traffic",
    covers: &[],
    event: "the answer",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
