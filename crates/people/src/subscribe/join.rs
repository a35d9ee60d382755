use kernel::{Code, ContactId, Problem, Timestamp, TopicId};
use privacy::claims::{self, DoubleOptIn, Statement};
use privacy::suppression::{self, Reason, Suppressed};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::{Actor, Ctx, Feed, NewJob};

use super::{CONFIRMATION_QUEUE, Proof};
use crate::contacts::rules::{self, Overwrite};
use crate::contacts::{self, Draft, Origin};
use crate::events::{self, EventRow};
use crate::segments::conditions::{EventClass, EventKind, TopicState};
use crate::topics::{self, Topic};
use crate::{Result, fields, tags};

/// Seconds after which a person who did not get the confirmation mail may ask for it again.
const ASK_AGAIN: i64 = 15 * 60;

/// A person joins a topic.
#[derive(Debug, Clone)]
pub struct Subscribe {
    /// Who, with at least one address or number; the first one is what they join with.
    pub draft: Draft,
    /// Which topic.
    pub topic: TopicId,
    /// How their data were obtained.
    pub origin: Origin,
    /// What proves their wish.
    pub proof: Proof,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscribed {
    /// In the topic.
    Joined(ContactId),
    /// A confirmation mail is on its way, or one was sent moments ago.
    Requested(ContactId),
    /// Was in the topic before.
    Already(ContactId),
}

impl Subscribed {
    /// The person.
    pub const fn contact(self) -> ContactId {
        match self {
            Self::Joined(id) | Self::Requested(id) | Self::Already(id) => id,
        }
    }
}

/// Subscribes a person: contact, membership, evidence, feed entry and (for double opt-in) the job
/// of the confirmation mail in one commit. A person who is blocked, left before, or was erased
/// always has to confirm, and only their own sign-up can ask for that.
///
/// # Errors
/// `blocked_target` when somebody else than the person tries to bring them back.
pub async fn subscribe(ctx: &Ctx, command: Subscribe) -> Result<Subscribed> {
    let Subscribe { draft, topic, origin, proof } = command;
    let joined = join(ctx, Joining { draft, topics: vec![topic], origin, proof, must_confirm: false }).await?;
    joined.into_iter().next().ok_or(crate::Error::NotFound("topic"))
}

/// A person joins one or several topics by one act.
pub(crate) struct Joining {
    /// Who, with at least one address or number; the first one is what they join with.
    pub(crate) draft: Draft,
    /// Which topics.
    pub(crate) topics: Vec<TopicId>,
    /// How their data were obtained.
    pub(crate) origin: Origin,
    /// What proves their wish.
    pub(crate) proof: Proof,
    /// The person has to confirm even if no topic asks for it.
    pub(crate) must_confirm: bool,
}

/// Joins the topics in one commit, with one confirmation mail for all that wait for one. What came of each
/// topic, in their order.
pub(crate) async fn join(ctx: &Ctx, joining: Joining) -> Result<Vec<Subscribed>> {
    let Joining { draft, topics, origin, proof, must_confirm } = joining;
    let mut draft = rules::validate(draft)?;
    draft.attributes = fields::check(&fields::list(ctx).await?, draft.attributes)?;
    let channel = channel_of(&draft)?;
    let blocked = blocks_of(ctx, &draft).await?.iter().any(stops);
    let known = known(ctx, &draft).await?;
    let mut steps = Vec::with_capacity(topics.len());
    for id in topics {
        let topic = topics::get(ctx, id).await?;
        if topic.archived_at.is_some() {
            return Err(Problem::new(Code::Conflict, "this topic is out of use").into());
        }
        let before = match known {
            Some(contact) => topics::membership(ctx, contact, topic.id).await?,
            None => None,
        };
        let left = blocked || matches!(before, Some((TopicState::Unsubscribed, ..)));
        if left && ctx.actor != Actor::Person {
            let detail = "this person left or was erased; only their own confirmed sign-up brings them back";
            return Err(Problem::new(Code::BlockedTarget, detail).into());
        }
        let step = match before {
            Some((TopicState::Subscribed, ..)) if !left => Step::Already,
            Some((TopicState::Pending, at, _)) if ctx.now() < at.plus_seconds(ASK_AGAIN) => Step::Asked,
            _ if left || must_confirm || topic.double_opt_in => Step::Ask(topic),
            _ => Step::Join(topic),
        };
        steps.push(step);
    }
    let contact = match known {
        Some(contact) if !steps.iter().any(Step::changes) => contact,
        _ => Act { channel, origin, proof }.commit(ctx, known, draft, &steps).await?,
    };
    Ok(steps.iter().map(|step| step.outcome(contact)).collect())
}

/// What is to be done about one topic.
enum Step {
    /// Nothing: the person is in it.
    Already,
    /// Nothing: the mail went out moments ago.
    Asked,
    /// The person is asked to confirm.
    Ask(Topic),
    /// The person is in.
    Join(Topic),
}

impl Step {
    const fn changes(&self) -> bool {
        matches!(self, Self::Ask(_) | Self::Join(_))
    }

    const fn outcome(&self, contact: ContactId) -> Subscribed {
        match self {
            Self::Already => Subscribed::Already(contact),
            Self::Asked | Self::Ask(_) => Subscribed::Requested(contact),
            Self::Join(_) => Subscribed::Joined(contact),
        }
    }
}

/// Whether a block stands against joining (a bounce does not: the confirmation mail will tell).
fn stops(block: &Suppressed) -> bool {
    !matches!(block.reason, Reason::HardBounce | Reason::SoftLimit | Reason::Pause)
}

fn channel_of(draft: &Draft) -> Result<Channel, Problem> {
    match (draft.emails.first(), draft.phones.first()) {
        (Some(_), _) => Ok(Channel::Email),
        (None, Some(_)) => Ok(Channel::Sms),
        (None, None) => Err(Problem::field("email", "an e-mail address or a phone number is needed")),
    }
}

async fn blocks_of(ctx: &Ctx, draft: &Draft) -> Result<Vec<Suppressed>> {
    let keys = ctx.keys().await?;
    let emails = draft.emails.iter().map(|email| suppression::email_hash(&keys, email));
    let hashes: Vec<_> = emails.chain(draft.phones.iter().map(|phone| suppression::phone_hash(&keys, phone))).collect();
    Ok(suppression::check(ctx, &hashes).await?.into_iter().flatten().collect())
}

async fn known(ctx: &Ctx, draft: &Draft) -> Result<Option<ContactId>> {
    if let Some(email) = draft.emails.first()
        && let Some(contact) = contacts::by_email(ctx, email).await?
    {
        return Ok(Some(contact));
    }
    match draft.phones.first() {
        Some(phone) if draft.emails.is_empty() => contacts::by_phone(ctx, phone).await,
        _ => Ok(None),
    }
}

struct Act {
    channel: Channel,
    origin: Origin,
    proof: Proof,
}

impl Act {
    async fn commit(&self, ctx: &Ctx, known: Option<ContactId>, draft: Draft, steps: &[Step]) -> Result<ContactId> {
        let keys = ctx.keys().await?;
        let tag_ids = tags::ensure(ctx, &draft.tags).await?;
        let mut batch = ctx.batch();
        let (contact, subject_keys) = if let Some(contact) = known {
            let (overwrite, draft) = if ctx.actor == Actor::Person {
                // An address that is new to this person is theirs only once somebody proved it.
                (Overwrite::OnlyEmpty, Draft { emails: Vec::new(), phones: Vec::new(), ..draft })
            } else {
                (Overwrite::Yes, draft)
            };
            contacts::push_change(&mut batch, ctx, contact, &draft, (&self.origin, overwrite, None)).await?;
            (contact, ctx.vault.subject(ctx.workspace, contact).await?)
        } else {
            let contact: ContactId = ctx.id();
            let keys = ctx.vault.create_subjects(ctx.workspace, &[contact]).await?.pop().unwrap_or_default();
            contacts::push_new(&mut batch, ctx, (contact, &keys), &draft, &self.origin).await?;
            (contact, keys)
        };
        for tag in tag_ids {
            tags::push(&mut batch, ctx, contact, tag);
        }
        let now = ctx.now();
        let mut asked: Vec<TopicId> = Vec::new();
        let mut joined = false;
        for step in steps {
            let (topic, wait) = match step {
                Step::Ask(topic) => (topic, true),
                Step::Join(topic) => (topic, false),
                Step::Already | Step::Asked => continue,
            };
            let statement = self.statement(topic, contact, (wait, now))?;
            claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
            let state = if wait { TopicState::Pending } else { TopicState::Subscribed };
            topics::set_membership(&mut batch, (contact, topic.id), state, None, now);
            if wait {
                asked.push(topic.id);
                if let Some(form) = self.proof.form {
                    topics::asked_by(&mut batch, (contact, topic.id), form);
                }
            }
            joined |= !wait;
            let kind = if wait { "topic.requested" } else { "topic.joined" };
            let data = json!({"topic": topic.id, "new": known.is_none()});
            batch.feed(Feed { kind, entity: contact.into(), data });
        }
        if let Some((first, others)) = asked.split_first() {
            let payload = json!({"contact": contact, "topic": first, "also": others, "requested_at": now});
            batch.job(NewJob::now(CONFIRMATION_QUEUE, payload).key(format!("{contact}/{first}")));
        }
        if joined {
            push_joined(&mut batch, ctx, contact);
        }
        ctx.db.apply(batch).await?;
        Ok(contact)
    }

    fn statement(&self, topic: &Topic, contact: ContactId, (wait, now): (bool, Timestamp)) -> Result<Statement> {
        let mut detail = self.proof.detail();
        detail.insert("source".into(), Json::String(self.origin.source.clone()));
        detail.insert("evidence".into(), Json::Bool(true));
        if wait {
            let asked = DoubleOptIn {
                requested_at: Some(now),
                requested_ip: self.proof.ip.map(|ip| ip.to_string()),
                notice: self.proof.notice,
                wording: self.proof.wording.clone(),
                ..DoubleOptIn::default()
            };
            detail.insert("doi".into(), asked.to_json());
        }
        Ok(Statement {
            subject: contact,
            purpose: Purpose::new(&topic.purpose).map_err(|_| crate::Error::Corrupt("topic"))?,
            channel: self.channel,
            topic: Some(topic.id),
            basis: BasisKind::Consent,
            state: if wait { ConsentState::Requested } else { ConsentState::Given },
            at: now,
            expires_at: None,
            detail: Json::Object(detail),
        })
    }
}

/// The event of joining, in the caller's batch.
pub(super) fn push_joined(batch: &mut store::Batch, ctx: &Ctx, contact: ContactId) {
    let event = EventRow {
        contact,
        kind: EventKind::Joined,
        class: EventClass::Human,
        campaign: None,
        message: None,
        at: ctx.now(),
    };
    events::push(batch, ctx, &event);
}
