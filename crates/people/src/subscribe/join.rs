use kernel::{Code, ContactId, Problem, TopicId};
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
    join(ctx, command, false).await
}

/// [`subscribe`], where the person has to confirm even if the topic does not ask for it.
pub(crate) async fn join(ctx: &Ctx, command: Subscribe, must_confirm: bool) -> Result<Subscribed> {
    let topic = topics::get(ctx, command.topic).await?;
    if topic.archived_at.is_some() {
        return Err(Problem::new(Code::Conflict, "this topic is out of use").into());
    }
    let mut draft = rules::validate(command.draft)?;
    draft.attributes = fields::check(&fields::list(ctx).await?, draft.attributes)?;
    let channel = channel_of(&draft)?;
    let blocks = blocks_of(ctx, &draft).await?;
    let known = known(ctx, &draft).await?;
    let before = match known {
        Some(contact) => topics::membership(ctx, contact, topic.id).await?,
        None => None,
    };
    let left = matches!(before, Some((TopicState::Unsubscribed, ..))) || blocks.iter().any(stops);
    if left && ctx.actor != Actor::Person {
        let detail = "this person left or was erased; only their own confirmed sign-up brings them back";
        return Err(Problem::new(Code::BlockedTarget, detail).into());
    }
    match (known, before) {
        (Some(contact), Some((TopicState::Subscribed, ..))) if !left => {
            return Ok(Subscribed::Already(contact));
        }
        (Some(contact), Some((TopicState::Pending, at, _))) if ctx.now() < at.plus_seconds(ASK_AGAIN) => {
            return Ok(Subscribed::Requested(contact));
        }
        _ => {}
    }
    let joining = Joining { topic, channel, origin: command.origin, proof: command.proof, wait: left || must_confirm };
    joining.commit(ctx, known, draft).await
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

struct Joining {
    topic: Topic,
    channel: Channel,
    origin: Origin,
    proof: Proof,
    /// The person has to confirm whatever the topic asks.
    wait: bool,
}

impl Joining {
    async fn commit(&self, ctx: &Ctx, known: Option<ContactId>, draft: Draft) -> Result<Subscribed> {
        let wait = self.wait || self.topic.double_opt_in;
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
        claims::state(&mut batch, ctx, &keys, &subject_keys, self.statement(ctx, contact, wait)?)?;
        let state = if wait { TopicState::Pending } else { TopicState::Subscribed };
        topics::set_membership(&mut batch, (contact, self.topic.id), state, None, now);
        let kind = match known {
            _ if wait => "topic.requested",
            _ => "topic.joined",
        };
        batch.feed(Feed {
            kind,
            entity: contact.into(),
            data: json!({"topic": self.topic.id, "new": known.is_none()}),
        });
        if wait {
            let payload = json!({"contact": contact, "topic": self.topic.id, "requested_at": now});
            batch.job(NewJob::now(CONFIRMATION_QUEUE, payload).key(format!("{contact}/{}", self.topic.id)));
        } else {
            push_joined(&mut batch, ctx, contact);
        }
        ctx.db.apply(batch).await?;
        Ok(if wait { Subscribed::Requested(contact) } else { Subscribed::Joined(contact) })
    }

    fn statement(&self, ctx: &Ctx, contact: ContactId, wait: bool) -> Result<Statement> {
        let now = ctx.now();
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
            purpose: Purpose::new(&self.topic.purpose).map_err(|_| crate::Error::Corrupt("topic"))?,
            channel: self.channel,
            topic: Some(self.topic.id),
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
