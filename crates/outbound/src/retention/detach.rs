//! Messages of a person who is made anonymous: state, reason and opens stay for the figures of the
//! campaign; address, content, evidence, exact instants and the ids that stand in sent links go.

use kernel::{ContactId, DeliveryId, RawId, Timestamp};
use store::{BoxFuture, Ctx, Metric, first_id_at, params};

use crate::deliveries::queries::ERASE as ERASE_DELIVERIES;
use crate::tracking::ERASE_HITS;

store::sql! {
    ENDED_OF = "SELECT id, source, channel, purpose, topic, content, state, reason, rule, pack, basis, attempts, created_at,
        sent_at, finished_at, status FROM delivery WHERE workspace = $1 AND contact = $2 AND state > 1 ORDER BY id";
    HITS_OF_DELIVERY = "SELECT at, kind, class, link FROM hit WHERE workspace = $1 AND source = $2 AND delivery = $3";
    INSERT_FIGURE = "INSERT INTO delivery (workspace, id, source, contact, channel, purpose, topic, content, address, domain,
            state, reason, rule, pack, basis, claim, attempts, due_at, lease_until, created_at, sent_at, finished_at, status, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, NULL, $15, $16, 0, $16, $17, $18, $19, NULL)";
    INSERT_FIGURE_HIT = "INSERT INTO hit (workspace, source, delivery, at, kind, class, link) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING";
}

store::row! {
    struct Ended {
        id: DeliveryId,
        source: RawId,
        channel: String,
        purpose: String,
        topic: Option<RawId>,
        content: RawId,
        state: i64,
        reason: Option<String>,
        rule: String,
        pack: String,
        basis: String,
        attempts: i64,
        created_at: Timestamp,
        sent_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        status: Option<String>,
    }
}

fn day(at: Timestamp) -> Timestamp {
    Timestamp(i64::from(at.day()) * Timestamp::DAY)
}

/// Ended messages move to the stand-in under new ids; waiting ones go with the person.
fn detach(ctx: &Ctx, person: ContactId, stand_in: ContactId) -> BoxFuture<'_, store::Result<()>> {
    Box::pin(async move {
        let rows: Vec<Ended> = ctx.db.all(ENDED_OF, params![ctx.workspace, person]).await?;
        let mut batch = ctx.batch();
        for row in rows {
            let created = day(row.created_at);
            let mut id = first_id_at(created);
            ctx.rng.fill(&mut id[6..]);
            batch.push(
                INSERT_FIGURE,
                params![
                    ctx.workspace,
                    id,
                    row.source,
                    stand_in,
                    row.channel,
                    row.purpose,
                    row.topic,
                    row.content,
                    [0u8; 16],
                    row.state,
                    row.reason,
                    row.rule,
                    row.pack,
                    row.basis,
                    row.attempts,
                    created,
                    row.sent_at.map(day),
                    row.finished_at.map(day),
                    row.status
                ],
            );
            let hits: Vec<(Timestamp, i64, i64, i64)> =
                ctx.db.all(HITS_OF_DELIVERY, params![ctx.workspace, row.source, row.id]).await?;
            for (number, (at, kind, class, link)) in (0i64..).zip(hits) {
                let at = day(at).plus_micros(number);
                batch.push(INSERT_FIGURE_HIT, params![ctx.workspace, row.source, id, at, kind, class, link]);
            }
        }
        batch.push(ERASE_HITS, params![ctx.workspace, person]);
        batch.push(ERASE_DELIVERIES, params![ctx.workspace, person]);
        ctx.db.apply(batch).await?;
        Ok(())
    })
}

store::metric!(Metric { table: "delivery", detach });
