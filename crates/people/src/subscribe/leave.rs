use kernel::{CampaignId, ContactId, DeliveryId, Phone, TopicId};
use privacy::gate::{Gate, Withdrawal};
use privacy::suppression::{self, Reason};
use privacy::vocabulary::{Purpose, Scope};
use serde_json::{Value as Json, json};
use store::{Ctx, Feed};

use crate::contacts;
use crate::events::{self, EventRow};
use crate::segments::conditions::{EventClass, EventKind, TopicState};
use crate::{Result, topics};

/// What a person leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// One topic.
    Topic(TopicId),
    /// All marketing, on every channel.
    Everything,
    /// All marketing, as a spam complaint says it.
    Complaint,
    /// All marketing, as an objection (GDPR Art. 21).
    Objection,
}

impl Leave {
    fn scope(self) -> (Scope, Reason) {
        match self {
            Self::Topic(topic) => (Scope::Topic(topic.to_string()), Reason::Unsubscribe),
            Self::Everything => (Scope::Purpose(Purpose::MARKETING), Reason::UnsubscribeAll),
            Self::Complaint => (Scope::Purpose(Purpose::MARKETING), Reason::Complaint),
            Self::Objection => (Scope::Purpose(Purpose::MARKETING), Reason::Objection),
        }
    }
}

/// Takes a person out, through the gate: when this returns no message in reach starts any more.
/// Doing it twice is fine: the second time changes nothing and answers false. `evidence` is kept sealed in the ledger.
///
/// # Errors
/// When the store fails; nothing was acknowledged then.
pub async fn unsubscribe(ctx: &Ctx, gate: &Gate, contact: ContactId, leave: Leave, evidence: Json) -> Result<bool> {
    unsubscribe_by(ctx, gate, contact, leave, (None, evidence)).await
}

/// [`unsubscribe`] by way of a message, whose campaign's report counts it.
///
/// # Errors
/// As [`unsubscribe`].
pub async fn unsubscribe_by(
    ctx: &Ctx,
    gate: &Gate,
    contact: ContactId,
    leave: Leave,
    (message, evidence): (Option<(CampaignId, DeliveryId)>, Json),
) -> Result<bool> {
    let (scope, reason) = leave.scope();
    let keys = ctx.keys().await?;
    let mine = suppression::subject_hash(&keys, contact);
    let blocks = suppression::check(ctx, &[mine]).await?;
    let before = match leave {
        Leave::Topic(topic) => topics::membership(ctx, contact, topic).await?,
        _ => None,
    };
    let joined_since = matches!(before, Some((TopicState::Subscribed | TopicState::Pending, ..)));
    if !joined_since && blocks.iter().flatten().any(|block| block.scope == scope && block.reason <= reason) {
        return Ok(false);
    }
    let now = ctx.now();
    let mut batch = ctx.batch();
    let mut addresses = Vec::new();
    if let Some(loaded) = contacts::get_many(ctx, crate::ReadFor::OwnPage, &[contact]).await?.pop().flatten() {
        addresses.extend(loaded.profile.emails.iter().map(|email| suppression::email_hash(&keys, &email.0)));
        let phones = loaded.profile.phones.iter().filter_map(|phone| Phone::parse(&phone.0, None).ok());
        addresses.extend(phones.map(|phone| suppression::phone_hash(&keys, &phone)));
        match leave {
            Leave::Topic(topic) => {
                topics::set_membership(&mut batch, (contact, topic), TopicState::Unsubscribed, None, now);
            }
            _ => topics::leave_all(&mut batch, contact, now),
        }
        let kind = if leave == Leave::Complaint { EventKind::Complained } else { EventKind::Unsubscribed };
        let (campaign, message) = message.unzip();
        let event = EventRow { contact, kind, class: EventClass::Human, campaign, message, at: now };
        events::push(&mut batch, ctx, &event);
        let topic = match leave {
            Leave::Topic(topic) => Some(topic),
            _ => None,
        };
        batch.feed(Feed { kind: "topic.left", entity: contact.into(), data: json!({"topic": topic}) });
    }
    let withdrawal = Withdrawal { subject: contact, addresses, scope, reason, evidence };
    gate.withdraw_with(ctx, withdrawal, batch).await?;
    Ok(true)
}
