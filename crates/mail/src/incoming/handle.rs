use std::sync::Arc;

use kernel::{ContactId, DeliveryId, EventId, RawId};
use outbound::answering::{self, Asked as Question};
use outbound::incoming::{Asked, Bounce, bounced, complained, replied, unsubscribed};
use outbound::{DeliveryRow, Outbound};
use privacy::answers;
use privacy::gate::Gate;
use privacy::replies::{Intent, is_lone_cancel};
use privacy::triage::{self, Severity};
use privacy::vocabulary::Channel;
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, params};

use super::matching::Way;
use super::{QUEUE, queries, rows};
use crate::bounce::{Class, Explained, Form, explain_bounce};
use crate::reply;

/// Takes an answer to an invitation: the writer's address and the calendar object. Whether it was one.
pub type TakeAnswer =
    Arc<dyn for<'a> Fn(&'a Ctx, &'a str, &'a [u8]) -> BoxFuture<'a, store::Result<bool>> + Send + Sync>;

/// Calls off what a message was about because its recipient answered "cancel": the source of the message and who it
/// was written to. Whether it is called off; `None` when it is about nothing that can be.
pub type CallOff = Arc<dyn Fn(Ctx, RawId, ContactId) -> BoxFuture<'static, store::Result<Option<bool>>> + Send + Sync>;

/// Acts on stored messages: the queue [`QUEUE`].
pub struct InboundJob {
    outbound: Outbound,
    take_answer: Option<TakeAnswer>,
    call_off: Option<CallOff>,
}

impl InboundJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, take_answer: None, call_off: None }
    }

    /// The handler with somebody who takes answers to invitations.
    #[must_use]
    pub fn taking_answers(mut self, take: TakeAnswer) -> Self {
        self.take_answer = Some(take);
        self
    }

    /// The handler with somebody who calls off what a message was about.
    #[must_use]
    pub fn calling_off(mut self, call_off: CallOff) -> Self {
        self.call_off = Some(call_off);
        self
    }
}

impl Handler for InboundJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let message = job.payload.get("message").and_then(serde_json::Value::as_str);
            let id: EventId = message.and_then(|text| text.parse().ok()).ok_or("the job names no message")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            handle(&ctx, self, id).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

/// What became of a message.
struct Handled {
    kind: &'static str,
    /// The intent of a reply, or the class of what came back.
    intent: Option<&'static str>,
    /// Whether a human must look.
    attention: bool,
    /// Whether its text is still needed.
    keep: bool,
    /// How urgent it is.
    severity: Option<Severity>,
    /// The queue that a fixed subject chose.
    triage: Option<String>,
    /// What was done about it without a human.
    decision: Option<&'static str>,
}

impl Handled {
    const fn new(kind: &'static str, intent: Option<&'static str>, attention: bool) -> Self {
        Self { kind, intent, attention, keep: false, severity: None, triage: None, decision: None }
    }
}

async fn handle(ctx: &Ctx, job: &InboundJob, id: EventId) -> outbound::Result<()> {
    let gate = job.outbound.gate();
    let Some(row) = rows::get(ctx, id).await? else { return Ok(()) };
    if row.handled_at.is_some() {
        return Ok(());
    }
    let raw = match rows::open(ctx, &row).await {
        Ok(raw) => raw,
        // The person was erased: there is nothing to act on any more.
        Err(store::Error::KeyDestroyed | store::Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let explained = explain_bounce(&raw);
    let is_report = explained.form != Form::Words || row.way == Way::Bounce && explained.class != Class::NotABounce;
    // A delivery without a person went with them when they were erased.
    let mut handled = match (row.delivery.filter(|_| row.contact.is_some()), row.way) {
        (None, _) | (_, Way::Writer | Way::Unknown) if is_report => {
            Handled::new("bounce", Some(explained.class.as_str()), false)
        }
        (Some(delivery), _) if is_report => came_back(ctx, gate, delivery, explained).await?,
        (Some(delivery), Way::Unsubscribe) => {
            let ctx = ctx.core.ctx(ctx.workspace, Actor::Person);
            unsubscribed(&ctx, gate, delivery, Asked::ThisTopic, json!({ "by": "mail" })).await?;
            Handled::new("unsubscribe", None, false)
        }
        (delivery, way) => answered(ctx, job, (id, delivery, way), &raw).await?,
    };
    let mut batch = ctx.batch();
    if handled.kind == "reply"
        && let Some(delivery) = row.delivery.filter(|_| row.way != Way::Writer)
        && let Some(delivery) = outbound::DeliveryRow::find(ctx, delivery).await?
        && let Some(about) = outbound::correspondence::about(ctx, &delivery).await?
    {
        // Members see it in the conversation; what it means for advertising was acted on all the same.
        handled.attention = false;
        outbound::correspondence::answered(&mut batch, id, about);
    }
    let values = params![
        ctx.workspace,
        id,
        handled.kind,
        handled.intent,
        handled.attention,
        ctx.now(),
        handled.severity.map(Severity::as_str),
        handled.triage,
        handled.decision
    ];
    batch.push(queries::HANDLED, values);
    if !handled.keep {
        batch.push(queries::EMPTY, params![ctx.workspace, id]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A delivery report or a complaint.
async fn came_back(ctx: &Ctx, gate: &Gate, delivery: DeliveryId, found: Explained) -> outbound::Result<Handled> {
    let class = found.class;
    let kind = if found.form == Form::Feedback { "complaint" } else { "bounce" };
    match class {
        Class::Complaint | Class::Fraud => complained(ctx, gate, delivery, class.as_str()).await?,
        Class::OptOut => {
            unsubscribed(ctx, gate, delivery, Asked::Everything, json!({ "by": "feedback_report" })).await?;
        }
        Class::NotSpam | Class::AuthFailure | Class::Delivered | Class::NotABounce => {}
        // Late is not lost, and a report about a virus is not about the person.
        _ if matches!(found.form, Form::Delayed | Form::Feedback) => {}
        Class::Transient if found.form == Form::Words => {}
        _ => {
            let (class, suppress, status) = (class.as_str(), found.suppress, found.status);
            bounced(ctx, gate, Bounce { delivery, class, suppress, status }).await?;
        }
    }
    Ok(Handled::new(kind, Some(class.as_str()), class == Class::Fraud))
}

/// Anything else is taken for what a person wrote.
async fn answered(
    ctx: &Ctx,
    job: &InboundJob,
    (id, delivery, way): (EventId, Option<DeliveryId>, Way),
    raw: &[u8],
) -> outbound::Result<Handled> {
    let outbound = &job.outbound;
    let parts = reply::parts(raw);
    // Only an answer that came back to the very message counts: a sender's address alone can be forged.
    if let (Some(take), Some(_), Some(writer), Some(calendar)) =
        (&job.take_answer, delivery, &parts.from, &parts.calendar)
        && !matches!(way, Way::Writer | Way::Bounce)
        && take(ctx, writer, calendar).await?
    {
        return Ok(Handled { decision: Some("calendar_answer"), ..Handled::new("reply", None, false) });
    }
    let intent = parts.intent(None, Channel::Email);
    if let (Some(call_off), Some(delivery)) = (&job.call_off, delivery)
        && !matches!(way, Way::Writer | Way::Bounce)
        && intent != Intent::AutoReply
        && is_lone_cancel(&parts.text)
        && let Some(row) = DeliveryRow::find(ctx, delivery).await?
        && let Some(done) = call_off(ctx.clone(), row.source, row.contact).await?
    {
        let handled = Handled::new("reply", None, !done);
        let severity = (!done).then_some(Severity::P3);
        return Ok(Handled { decision: done.then_some("called_off"), severity, keep: true, ..handled });
    }
    let stops = matches!(intent, Intent::Optout | Intent::Ambiguous | Intent::ComplaintLegal);
    // Only who was surely written to and writes back gives a sign of life; the return path gets what
    // machines write.
    let is_sure = !matches!(way, Way::Writer | Way::Bounce);
    let attention = match delivery {
        Some(delivery) if is_sure || stops => {
            let ctx = ctx.core.ctx(ctx.workspace, Actor::Person);
            replied(&ctx, outbound.gate(), delivery, intent).await?
        }
        _ => !matches!(intent, Intent::AutoReply) && (delivery.is_some() || intent != Intent::NotOptout),
    };
    let automatic = intent == Intent::AutoReply;
    let kind = if automatic { "auto_reply" } else { "reply" };
    let mut handled = Handled::new(kind, Some(intent.as_str()), attention);
    handled.severity = match intent {
        Intent::ComplaintLegal => Some(Severity::P1),
        Intent::Ambiguous => Some(Severity::P2),
        _ => attention.then_some(Severity::P3),
    };
    if let Some(rule) = triaged(ctx, &parts.subject).await? {
        (handled.kind, handled.attention) = ("reply", true);
        handled.severity = Some(handled.severity.map_or(rule.severity, |known| known.min(rule.severity)));
        handled.triage = Some(rule.queue);
    } else if let (Some(question), Some(delivery)) = (answers::Question::of(intent), delivery.filter(|_| is_sure))
        && !parts.is_from_a_list()
        && answering::settings(ctx).await?.automatic
        && answering::answer_once(outbound, ctx, Question { message: id, delivery, letter: parts.letter }, question)
            .await?
    {
        (handled.attention, handled.severity, handled.decision) = (false, None, Some("answered_automatically"));
    }
    handled.keep = handled.attention || !automatic && delivery.is_some();
    Ok(handled)
}

/// The rule for a fixed subject, where there is one.
async fn triaged(ctx: &Ctx, subject: &str) -> outbound::Result<Option<triage::Rule>> {
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await;
    let workspace = workspace.map_err(|error| store::Error::Refused(error.problem()))?;
    let rules = workspace.and_then(|workspace| workspace.setting("triage")).unwrap_or_else(triage::defaults);
    Ok(triage::find(&rules, subject).cloned())
}
