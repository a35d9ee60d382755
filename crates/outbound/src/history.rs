//! What was sent, as people look it up afterwards: the messages of one person, and the recipients of one
//! campaign by what became of their message.

use kernel::{ContactId, DeliveryId, EventId, RawId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use store::{Ctx, Value, params};

use crate::deliveries::DeliveryState;
use crate::tracking::{CLICK, COMPLAINT, OPEN, UNSUBSCRIBE};
use crate::{Error, Result};

store::sql! {
    OF_PERSON = "SELECT id, source, contact, channel, purpose, topic, state, reason, status, rule, pack, basis, claim, created_at, sent_at
        FROM delivery WHERE workspace = $1 AND contact = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    BY_STATE = "SELECT id, source, contact, channel, purpose, topic, state, reason, status, rule, pack, basis, claim, created_at, sent_at, due_at
        FROM delivery WHERE workspace = $1 AND source = $2 AND state = $3 AND (due_at, id) > ($4, $5) ORDER BY due_at, id LIMIT $6";
    ONE = "SELECT id, source, contact, channel, purpose, topic, state, reason, status, rule, pack, basis, claim, created_at, sent_at
        FROM delivery WHERE workspace = $1 AND id = $2";
    HITS = "SELECT kind, at FROM hit WHERE workspace = $1 AND source = $2 AND delivery = $3 AND class = 0 ORDER BY at";
    WITH_HIT = "SELECT DISTINCT delivery FROM hit WHERE workspace = $1 AND source = $2 AND delivery > $3 AND kind = $4 AND class = 0
        ORDER BY delivery LIMIT $5";
}

/// The fields of a message, in the order of the statements above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The message.
    pub id: DeliveryId,
    /// The campaign, the sequence's wave, or the notice it belongs to.
    pub source: RawId,
    /// To whom.
    pub contact: ContactId,
    /// Over which channel.
    pub channel: String,
    /// What for.
    pub purpose: String,
    /// Under which topic.
    pub topic: Option<TopicId>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why, in the vocabulary of gate reasons and bounce classes.
    pub reason: Option<String>,
    /// The last status code of the next hop.
    pub status: Option<String>,
    /// The row of the rule pack that decided.
    pub rule: String,
    /// The version of that pack.
    pub pack: String,
    /// The lawful basis it rests on; empty when denied.
    pub basis: String,
    /// The ledger event behind that basis.
    pub claim: Option<EventId>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When the next hop took it.
    pub sent_at: Option<Timestamp>,
}

impl store::FromRow for Message {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            source: row.take()?,
            contact: row.take()?,
            channel: row.take()?,
            purpose: row.take()?,
            topic: row.take()?,
            state: row.take()?,
            reason: row.take()?,
            status: row.take()?,
            rule: row.take()?,
            pack: row.take()?,
            basis: row.take()?,
            claim: row.take()?,
            created_at: row.take()?,
            sent_at: row.take()?,
        })
    }
}

struct Due(Message, Timestamp);

impl store::FromRow for Due {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self(Message::from_row(row)?, row.take()?))
    }
}

/// What the person did with a message; machines are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Engaged {
    /// How often it was opened.
    pub opens: u64,
    /// How often a link was followed.
    pub clicks: u64,
    /// When it was opened first.
    pub opened_at: Option<Timestamp>,
    /// When a link was followed first.
    pub clicked_at: Option<Timestamp>,
    /// Whether the person left by it.
    pub unsubscribed: bool,
    /// Whether they reported it as spam.
    pub complained: bool,
}

async fn engaged(ctx: &Ctx, messages: Vec<Message>) -> Result<Vec<(Message, Engaged)>> {
    let sets: Vec<Vec<Value>> =
        messages.iter().map(|message| params![ctx.workspace, message.source, message.id]).collect();
    let hits: Vec<Vec<(i64, Timestamp)>> = ctx.db.many(HITS, sets).await?;
    let read = |hits: Vec<(i64, Timestamp)>| {
        let mut out = Engaged::default();
        for (kind, at) in hits {
            match kind {
                OPEN => {
                    out.opens += 1;
                    out.opened_at = out.opened_at.or(Some(at));
                }
                CLICK => {
                    out.clicks += 1;
                    out.clicked_at = out.clicked_at.or(Some(at));
                }
                UNSUBSCRIBE => out.unsubscribed = true,
                _ => out.complained = true,
            }
        }
        out
    };
    Ok(messages.into_iter().zip(hits.into_iter().map(read)).collect())
}

/// The messages of a person older than `before`, newest first, with what they did with each.
///
/// # Errors
/// The store's.
pub async fn of_contact(
    ctx: &Ctx,
    contact: ContactId,
    before: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<(Message, Engaged)>> {
    let before = before.unwrap_or(DeliveryId([0xff; 16]));
    let messages = ctx.db.all(OF_PERSON, params![ctx.workspace, contact, before, limit]).await?;
    engaged(ctx, messages).await
}

/// Recipients of a campaign by what became of their message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everybody who was selected.
    All,
    /// The next hop took it, whatever came back.
    Sent,
    /// Taken and not returned.
    Delivered,
    /// Opened, by the person.
    Opened,
    /// A link was followed, by the person.
    Clicked,
    /// Delivered and not opened, as far as is known.
    NotOpened,
    /// Returned.
    Bounced,
    /// Refused for good at hand-over.
    Failed,
    /// The gate said no.
    Denied,
    /// The person left by it.
    Unsubscribed,
    /// The person reported it as spam.
    Complained,
    /// Waiting.
    Queued,
    /// Perhaps arrived.
    InDoubt,
    /// The campaign was cancelled first.
    Cancelled,
}

impl Outcome {
    const fn states(self) -> &'static [DeliveryState] {
        use DeliveryState as S;
        match self {
            Self::All => &[S::Sent, S::Bounced, S::Failed, S::Denied, S::Queued, S::Sending, S::InDoubt, S::Cancelled],
            Self::Sent => &[S::Sent, S::Bounced],
            Self::Delivered | Self::NotOpened => &[S::Sent],
            Self::Bounced => &[S::Bounced],
            Self::Failed => &[S::Failed],
            Self::Denied => &[S::Denied],
            Self::Queued => &[S::Queued, S::Sending],
            Self::InDoubt => &[S::InDoubt],
            Self::Cancelled => &[S::Cancelled],
            Self::Opened | Self::Clicked | Self::Unsubscribed | Self::Complained => &[],
        }
    }

    const fn hit(self) -> Option<i64> {
        match self {
            Self::Opened => Some(OPEN),
            Self::Clicked => Some(CLICK),
            Self::Unsubscribed => Some(UNSUBSCRIBE),
            Self::Complained => Some(COMPLAINT),
            _ => None,
        }
    }
}

/// A place in a list of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which of the outcome's states is being read.
    state: usize,
    due_at: i64,
    id: DeliveryId,
}

/// Recipients of a run with this outcome behind a place, and where to go on; fewer than `limit` and a place mean
/// that there may be more.
///
/// # Errors
/// The store's.
pub async fn recipients(
    ctx: &Ctx,
    source: RawId,
    outcome: Outcome,
    (after, limit): (Option<Place>, u32),
) -> Result<(Vec<(Message, Engaged)>, Option<Place>)> {
    let start = Place { state: 0, due_at: i64::MIN, id: DeliveryId([0; 16]) };
    let mut place = after.unwrap_or(start);
    if let Some(kind) = outcome.hit() {
        return with_hit(ctx, source, kind, (place, limit)).await;
    }
    let mut found = Vec::new();
    // Looks at a bounded number of messages: those that were opened are passed over.
    for _ in 0..10 {
        let Some(state) = outcome.states().get(place.state) else { return Ok((found, None)) };
        let wanted = limit.saturating_sub(found.len() as u32).max(1);
        let values = params![ctx.workspace, source, *state, place.due_at, place.id, wanted];
        let rows: Vec<Due> = ctx.db.all(BY_STATE, values).await?;
        let whole = rows.len() < wanted as usize;
        if let Some(last) = rows.last() {
            place = Place { state: place.state, due_at: last.1.0, id: last.0.id };
        }
        let mut rows = engaged(ctx, rows.into_iter().map(|row| row.0).collect()).await?;
        if outcome == Outcome::NotOpened {
            rows.retain(|(_, engaged)| engaged.opens == 0);
        }
        found.extend(rows);
        if whole {
            place = Place { state: place.state + 1, ..start };
        }
        if found.len() >= limit as usize {
            break;
        }
    }
    let ended = place.state >= outcome.states().len();
    Ok((found, Some(place).filter(|_| !ended)))
}

async fn with_hit(
    ctx: &Ctx,
    source: RawId,
    kind: i64,
    (place, limit): (Place, u32),
) -> Result<(Vec<(Message, Engaged)>, Option<Place>)> {
    let ids: Vec<(DeliveryId,)> = ctx.db.all(WITH_HIT, params![ctx.workspace, source, place.id, kind, limit]).await?;
    let next = ids.last().filter(|_| ids.len() == limit as usize).map(|last| Place { id: last.0, ..place });
    let sets = ids.iter().map(|id| params![ctx.workspace, id.0]).collect();
    let messages: Vec<Vec<Message>> = ctx.db.many(ONE, sets).await.map_err(Error::from)?;
    Ok((engaged(ctx, messages.into_iter().flatten().collect()).await?, next))
}
