//! The people of a campaign by what became of their message.

use billing::Micros;
use kernel::{ContactId, DeliveryId, RawId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use super::super::model::MessageState;
use super::queries as sql;
use crate::Result;

store::row! {
    /// One recipient's message.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Recipient {
        /// The message.
        pub id: DeliveryId,
        /// The person.
        pub contact: ContactId,
        /// Where it stands.
        pub state: MessageState,
        /// Why: a reason of the gate, what the operator or the network said.
        pub reason: Option<String>,
        /// The row of the rule pack that decided.
        pub rule: String,
        /// The lawful basis it rests on; empty when denied.
        pub basis: String,
        /// The country of the number.
        pub country: String,
        /// How many parts.
        pub parts: u32,
        /// What was set aside.
        pub price: Micros,
        /// What was charged, once that is known.
        pub cost: Option<Micros>,
        /// How often it was tried.
        pub attempts: u32,
        /// When it was accepted.
        pub created_at: Timestamp,
        /// When the operator took it.
        pub sent_at: Option<Timestamp>,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
        /// When a link was followed first, by the person, as far as they allow counting.
        pub clicked_at: Option<Timestamp>,
        /// When the person left by it.
        pub left_at: Option<Timestamp>,
    }
}

/// Which recipients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Everybody who was selected.
    #[default]
    All,
    /// The operator took it, whatever came of it.
    Sent,
    /// Their telephones have it.
    Delivered,
    /// Refused for good.
    Failed,
    /// The gate said no, or the channel could not.
    Denied,
    /// Waiting, also for the end of a pause.
    Queued,
    /// Perhaps arrived.
    InDoubt,
    /// The campaign was cancelled first.
    Cancelled,
    /// A link was followed, by the person.
    Clicked,
    /// The person left by it.
    Unsubscribed,
}

impl Which {
    const fn states(self) -> &'static [MessageState] {
        use MessageState as S;
        match self {
            Self::All => MessageState::ALL,
            Self::Sent | Self::Clicked | Self::Unsubscribed => {
                &[S::Sent, S::Delivered, S::Expired, S::InDoubt, S::Failed]
            }
            Self::Delivered => &[S::Delivered],
            Self::Failed => &[S::Failed],
            Self::Denied => &[S::Denied],
            Self::Queued => &[S::Queued, S::Sending, S::Held],
            Self::InDoubt => &[S::InDoubt],
            Self::Cancelled => &[S::Cancelled],
        }
    }

    fn takes(self, recipient: &Recipient) -> bool {
        match self {
            Self::Sent => recipient.sent_at.is_some(),
            Self::Clicked => recipient.clicked_at.is_some(),
            Self::Unsubscribed => recipient.left_at.is_some(),
            _ => true,
        }
    }
}

/// A place in a list of recipients: which of the states is being read, and the last message.
pub type Place = (usize, DeliveryId);

/// Recipients of a campaign behind a place, and where to go on; fewer than `limit` and a place mean that there may be
/// more.
///
/// # Errors
/// The store's.
pub async fn recipients(
    ctx: &Ctx,
    source: RawId,
    which: Which,
    (after, limit): (Option<Place>, u32),
) -> Result<(Vec<Recipient>, Option<Place>)> {
    let (mut state, mut last) = after.unwrap_or((0, DeliveryId([0; 16])));
    let mut found = Vec::new();
    // Looks at a bounded number of messages: those that nobody clicked are passed over.
    for _ in 0..10 {
        let Some(wanted) = which.states().get(state) else { return Ok((found, None)) };
        let room = limit.saturating_sub(found.len() as u32).max(1);
        let rows: Vec<Recipient> =
            ctx.db.all(sql::BY_STATE, params![ctx.workspace, source, *wanted, last, room]).await?;
        let whole = rows.len() < room as usize;
        if let Some(one) = rows.last() {
            last = one.id;
        }
        found.extend(rows.into_iter().filter(|row| which.takes(row)));
        if whole {
            (state, last) = (state + 1, DeliveryId([0; 16]));
        }
        if found.len() >= limit as usize {
            break;
        }
    }
    let ended = state >= which.states().len();
    Ok((found, (!ended).then_some((state, last))))
}
