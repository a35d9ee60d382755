//! What happened to people, as segments and contact pages see it: sent, opened, clicked, joined, …

use kernel::{CampaignId, ContactId, DeliveryId, EventId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, params};

use crate::segments::conditions::{EventClass, EventKind};
use crate::{Error, Result};

store::sql! {
    pub(crate) INSERT_EVENT = "INSERT INTO event (workspace, contact, at, id, kind, class, campaign, message)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(crate) EVENTS_OF = "SELECT contact, kind, class, campaign, message, at FROM event
        WHERE workspace = $1 AND contact = $2 ORDER BY at DESC, id DESC LIMIT $3";
    pub(crate) MOVE_EVENTS = "UPDATE event SET contact = $3 WHERE workspace = $1 AND contact = $2";
    pub(crate) ERASE_EVENTS = "DELETE FROM event WHERE workspace = $1 AND contact = $2";
}

/// The most events shown of one person.
pub const SHOWN: u32 = 1000;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// To whom.
    pub contact: ContactId,
    /// What.
    pub kind: EventKind,
    /// Caused by a person or a machine.
    pub class: EventClass,
    /// In which campaign.
    pub campaign: Option<CampaignId>,
    /// With which message.
    pub message: Option<DeliveryId>,
    /// When.
    pub at: Timestamp,
}

impl store::FromRow for EventRow {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let contact = row.take()?;
        let code = store::Error::Column("an event's code");
        let kind = EventKind::from_code(&row.take::<String>()?).ok_or_else(|| code.clone())?;
        let class = EventClass::from_code(&row.take::<String>()?).ok_or(code)?;
        Ok(Self { contact, kind, class, campaign: row.take()?, message: row.take()?, at: row.take()? })
    }
}

impl EventRow {
    /// The event as shown.
    pub fn to_json(&self) -> Json {
        json!({"kind": self.kind.as_str(), "class": self.class.as_str(), "campaign": self.campaign,
            "message": self.message, "at": self.at})
    }
}

/// Adds an event in the caller's batch.
pub fn push(batch: &mut Batch, ctx: &Ctx, event: &EventRow) {
    let id: EventId = ctx.id();
    batch.push(
        INSERT_EVENT,
        params![
            ctx.workspace,
            event.contact,
            event.at,
            id,
            event.kind.as_str(),
            event.class.as_str(),
            event.campaign,
            event.message
        ],
    );
}

/// The newest events of a person, newest first.
pub async fn of(ctx: &Ctx, contact: ContactId, limit: u32) -> Result<Vec<EventRow>> {
    ctx.db.all(EVENTS_OF, params![ctx.workspace, contact, limit.min(SHOWN)]).await.map_err(Error::from)
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<EventRow> = ctx.db.all(EVENTS_OF, params![ctx.workspace, subject, i64::MAX]).await?;
        Ok(rows.iter().map(EventRow::to_json).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "event",
    class: "marketing.engagement",
    subject: "contact",
    columns: &[],
    erase: &[ERASE_EVENTS],
    kept: None,
    collect: Some(collect),
});
