//! What became of the messages that left, as the channels tell it on the change feed.

use std::collections::BTreeMap;

use kernel::{ConversationId, DeliveryId, Timestamp};
use outbound::lines::Stands;
use store::{Ctx, Tx, feed, params};

use super::leave::told;
use super::queries as sql;
use crate::Result;
use crate::conversations::Conversation;
use crate::conversations::queries::{GET, SEE};
use crate::model::codes;

codes! {
    /// What became of a message that left a conversation.
    #[schema(as = ConversationDeliveryState)]
    DeliveryState {
        /// It is about to be handed over.
        Waiting = "waiting",
        /// The channel has taken it.
        Queued = "queued",
        /// The operator has it.
        Sent = "sent",
        /// The person's device has it.
        Delivered = "delivered",
        /// The person has seen it.
        Read = "read",
        /// It did not leave, or did not arrive; the reason says why.
        Failed = "failed",
        /// The gate said no; the reason says why.
        Denied = "denied",
        /// It was taken back.
        Cancelled = "cancelled",
        /// Nobody knows whether it left: it is not sent again.
        InDoubt = "in_doubt",
        /// It was not delivered in time.
        Expired = "expired",
    }
}

impl DeliveryState {
    /// How far a message is. What is told late changes nothing.
    const fn rank(self) -> u8 {
        match self {
            Self::Waiting => 0,
            Self::Queued => 1,
            Self::Sent => 2,
            // A device may still have it, and then says so.
            Self::InDoubt | Self::Expired => 3,
            Self::Failed | Self::Denied | Self::Cancelled => 4,
            Self::Delivered => 5,
            Self::Read => 6,
        }
    }

    /// The state of a message that a channel has just taken.
    pub(super) const fn of_taken(stands: Stands) -> Self {
        match stands {
            Stands::Queued => Self::Queued,
            Stands::Sent => Self::Sent,
            Stands::Delivered => Self::Delivered,
            Stands::Read => Self::Read,
            Stands::Failed => Self::Failed,
            Stands::Denied => Self::Denied,
            Stands::Cancelled => Self::Cancelled,
            Stands::InDoubt => Self::InDoubt,
            Stands::Expired => Self::Expired,
        }
    }

    /// The state that an entry of the feed tells of, when it is about a message that left.
    fn told_by(kind: &str) -> Option<Self> {
        let state = kind.strip_prefix("sms.").or_else(|| kind.strip_prefix("chat_message."))?;
        match state {
            "accepted" => Some(Self::Queued),
            other => other.parse().ok(),
        }
    }
}

store::row! {
    /// What became of one event.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Delivery {
        /// Whose.
        pub conversation: ConversationId,
        /// The event.
        pub seq: i64,
        /// The message in its channel's log.
        pub message: DeliveryId,
        /// Where it stands.
        pub state: DeliveryState,
        /// Why, when that is not plain.
        pub reason: Option<String>,
        /// How many messages the operator counts.
        pub parts: u32,
        /// What it costs, in millionths of the workspace's currency.
        pub price: i64,
        /// Since when.
        pub at: Timestamp,
    }
}

/// What became of the events from one number to another, by number.
///
/// # Errors
/// When the store fails.
pub async fn of_events(ctx: &Ctx, id: ConversationId, (from, to): (i64, i64)) -> Result<BTreeMap<i64, Delivery>> {
    let rows: Vec<Delivery> = ctx.db.all(sql::BETWEEN, params![ctx.workspace, id, from, to]).await?;
    Ok(rows.into_iter().map(|row| (row.seq, row)).collect())
}

/// The name under which the change feed is read.
const CONSUMER: &str = "conversations.lines";

/// Brings what the channels tell to the events it is about.
///
/// # Errors
/// When the store fails.
pub async fn follow(ctx: &Ctx) -> Result<()> {
    const PAGE: u32 = 500;
    loop {
        let position = feed::position(&ctx.db, ctx.workspace, CONSUMER).await?;
        let rows = feed::read_after(&ctx.db, ctx.workspace, position, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(()) };
        let news: Vec<(DeliveryId, DeliveryState, Option<String>)> = rows
            .iter()
            .filter_map(|row| {
                let reason = row.data["reason"].as_str().filter(|reason| !reason.is_empty()).map(str::to_owned);
                Some((DeliveryId(row.entity), DeliveryState::told_by(&row.kind)?, reason))
            })
            .collect();
        let sets = news.iter().map(|(message, ..)| params![ctx.workspace, *message]).collect();
        let found: Vec<Vec<Delivery>> = ctx.db.many(sql::BY_MESSAGE, sets).await?;
        for ((message, state, reason), found) in news.into_iter().zip(found) {
            if !found.is_empty() {
                let call = ctx.clone();
                ctx.db.tx(move |tx| moved(tx, &call, message, (state, reason.clone()))).await?;
            }
        }
        let mut batch = ctx.batch();
        feed::advance(&mut batch, CONSUMER, last);
        ctx.db.apply(batch).await?;
    }
}

/// Takes what was told of one message, unless it is known to be further already.
fn moved(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    message: DeliveryId,
    (state, reason): (DeliveryState, Option<String>),
) -> store::Result<()> {
    let known: Vec<Delivery> = tx.all(sql::BY_MESSAGE, params![ctx.workspace, message])?;
    let Some(known) = known.into_iter().next().filter(|known| state.rank() > known.state.rank()) else {
        return Ok(());
    };
    let (id, seq, now) = (known.conversation, known.seq, ctx.now());
    tx.exec(sql::MOVED, params![ctx.workspace, id, seq, state, reason, now])?;
    let mut batch = ctx.batch();
    batch.feed(told(id, seq, state.as_str()));
    if state == DeliveryState::Read {
        let row: Vec<Conversation> = tx.all(GET, params![ctx.workspace, id])?;
        if let Some(row) = row.first() {
            // The person has read up to here.
            batch.push(SEE, params![ctx.workspace, id, row.subject.0, false, seq, now]);
        }
    }
    tx.apply(batch).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::DeliveryState as S;

    #[test]
    fn what_is_told_late_changes_nothing() {
        for (before, told, moves) in [
            (S::Queued, S::Sent, true),
            (S::Delivered, S::Sent, false),
            (S::Read, S::Delivered, false),
            (S::Sent, S::Failed, true),
            (S::Failed, S::Sent, false),
            (S::InDoubt, S::Delivered, true),
            (S::Expired, S::Delivered, true),
        ] {
            assert_eq!(told.rank() > before.rank(), moves, "{before} {told}");
        }
        assert_eq!(S::told_by("sms.accepted"), Some(S::Queued));
        assert_eq!(S::told_by("chat_message.read"), Some(S::Read));
        assert_eq!(S::told_by("campaign.sent"), None);
        assert_eq!(S::told_by("sms.nonsense"), None);
    }
}
