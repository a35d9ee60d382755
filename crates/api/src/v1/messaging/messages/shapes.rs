//! What messages look like from outside.

use kernel::{ContactId, DeliveryId, EventId, RouteId};
use telecom::messages::{MessageState, MessageView};

use crate::v1::prelude::*;

/// A message.
#[derive(Serialize, ToSchema)]
#[schema(as = SmsMessage)]
pub(super) struct SmsMessage {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: DeliveryId,
    /// The person.
    #[schema(value_type = String)]
    pub(super) contact: ContactId,
    /// To which number (E.164); null in lists, and once it is no longer kept.
    pub(super) to: Option<String>,
    /// From what.
    pub(super) from: String,
    /// The words; null in lists, and once they are no longer kept.
    pub(super) text: Option<String>,
    /// What the sender calls it; null in lists.
    pub(super) reference: Option<String>,
    /// What it is for.
    pub(super) purpose: String,
    /// The country of the number (ISO 3166).
    pub(super) country: String,
    /// `GSM_7BIT` or `UCS2`.
    pub(super) encoding: String,
    /// How many parts.
    pub(super) parts: u32,
    /// What was set aside for it, all parts together, in millionths of the balance's currency.
    pub(super) price_micros: i64,
    /// Whether it never leaves.
    pub(super) trial: bool,
    /// The campaign it belongs to.
    #[schema(value_type = Option<String>)]
    pub(super) campaign: Option<kernel::CampaignId>,
    /// `queued`, `sending`, `sent`, `delivered`, `failed`, `denied`, `cancelled`, `in_doubt`, `expired`, or `held` while
    /// its campaign is paused.
    #[schema(value_type = String)]
    pub(super) state: MessageState,
    /// Why: a reason of the gate, what the operator or the network said.
    pub(super) reason: Option<String>,
    /// The row of the rule pack that decided.
    pub(super) rule: String,
    /// The lawful basis it rests on; empty when denied.
    pub(super) basis: String,
    /// The ledger event that states this basis.
    #[schema(value_type = Option<String>)]
    pub(super) evidence: Option<EventId>,
    /// Over which route it went.
    #[schema(value_type = Option<String>)]
    pub(super) route: Option<RouteId>,
    /// How often it was tried.
    pub(super) attempts: u32,
    /// When its turn is, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) due_at: Option<Timestamp>,
    /// Until when it may be delivered.
    #[schema(value_type = String, format = DateTime)]
    pub(super) expires_at: Timestamp,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    /// When the operator took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) sent_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) finished_at: Option<Timestamp>,
}

impl From<MessageView> for SmsMessage {
    fn from(view: MessageView) -> Self {
        Self {
            id: view.id,
            contact: view.contact,
            to: None,
            from: view.originator,
            text: None,
            reference: None,
            purpose: view.purpose,
            country: view.country,
            encoding: view.encoding,
            parts: view.parts,
            price_micros: view.price.0,
            trial: view.trial,
            campaign: view.source.map(kernel::CampaignId),
            state: view.state,
            reason: view.reason,
            rule: view.rule,
            basis: view.basis,
            evidence: view.claim,
            route: view.route,
            attempts: view.attempts,
            due_at: (view.state == MessageState::Queued).then_some(view.due_at),
            expires_at: view.expires_at,
            created_at: view.created_at,
            sent_at: view.sent_at,
            finished_at: view.finished_at,
        }
    }
}

/// A message with its number and words.
pub(super) async fn whole(ctx: &store::Ctx, id: DeliveryId) -> Result<SmsMessage> {
    let (view, words) = telecom::messages::find(ctx, id).await?;
    let mut shown = SmsMessage::from(view);
    if let Some((to, text, reference)) = words {
        (shown.to, shown.text, shown.reference) = (Some(to), Some(text), reference);
    }
    Ok(shown)
}
