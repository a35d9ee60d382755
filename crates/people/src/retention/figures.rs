//! What happened to people: its end, and what is left of it when a person is made anonymous.

use kernel::{ContactId, Timestamp};
use serde_json::json;
use store::{BoxFuture, Ctx, DueBy, DueRow, Feed, Metric, RetentionRule, first_id_at, params};

use crate::events::{self, EventRow};

store::sql! {
    DUE_EVENTS = "SELECT contact, at, contact, at, id FROM event WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END_EVENT = "DELETE FROM event WHERE workspace = $1 AND contact = $2 AND at = $3 AND id = $4";
}

/// The audience index forgets what happened as well.
fn tell<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let mut people: Vec<ContactId> = rows.iter().filter_map(|row| row.subject).collect();
        people.sort_unstable();
        people.dedup();
        let mut batch = ctx.batch();
        batch.feed(Feed { kind: "message.forgotten", entity: [0; 16], data: json!({ "contacts": people }) });
        ctx.db.apply(batch).await?;
        Ok(())
    })
}

store::retention!(RetentionRule {
    table: "event",
    class: "marketing.engagement",
    covers: &[],
    event: "what happened",
    due_by: DueBy::Instant,
    find: DUE_EVENTS,
    end: &[END_EVENT],
    before: None,
    after: Some(tell),
});

/// Copies a person's events to a stand-in: the day instead of the instant, no message, new ids.
fn detach(ctx: &Ctx, person: ContactId, stand_in: ContactId) -> BoxFuture<'_, store::Result<()>> {
    Box::pin(async move {
        let rows: Vec<EventRow> = ctx.db.all(events::EVENTS_OF, params![ctx.workspace, person, i64::MAX]).await?;
        let mut batch = ctx.batch();
        for row in rows {
            let day = Timestamp(i64::from(row.at.day()) * Timestamp::DAY);
            let mut id = first_id_at(day);
            ctx.rng.fill(&mut id[6..]);
            batch.push(
                events::INSERT_EVENT,
                params![
                    ctx.workspace,
                    stand_in,
                    day,
                    id,
                    row.kind.as_str(),
                    row.class.as_str(),
                    row.campaign,
                    store::Value::Null
                ],
            );
        }
        batch.push(events::ERASE_EVENTS, params![ctx.workspace, person]);
        ctx.db.apply(batch).await?;
        Ok(())
    })
}

store::metric!(Metric { table: "event", detach });
