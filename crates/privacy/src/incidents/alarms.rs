use kernel::IncidentId;
use serde_json::json;
use store::{Ctx, Feed, params};

use super::record::{self, push_entry};
use crate::Result;
use crate::announcements::{self, Audience, Letter};

/// How many open incidents one look takes in.
const MOST: u32 = 1_000;

store::sql! {
    /// Fails on a level that was told already, so that two nodes never tell it twice.
    INSERT_ALARM = "INSERT INTO incident_alarm (workspace, incident, clock, level, at) VALUES ($1, $2, $3, $4, $5)";
    ALARMS = "SELECT clock, level FROM incident_alarm WHERE workspace = $1 AND incident = $2";
}

/// Looks at every open incident: a clock that has reached half, four fifths or the whole of its time is told
/// to the members who answer for privacy, each level once. Run it every hour at least. Answers how many
/// alarms were raised.
///
/// # Errors
/// When the store fails.
pub async fn tick(ctx: &Ctx) -> Result<usize> {
    let mut raised = 0;
    for incident in record::list(ctx, None, MOST).await?.into_iter().filter(|incident| incident.closed_at.is_none()) {
        let known: Vec<(String, u8)> = ctx.db.all(ALARMS, params![ctx.workspace, incident.id]).await?;
        for clock in incident.clocks.iter().filter(|clock| clock.stopped_at.is_none() && clock.level > 0) {
            if known.iter().any(|(name, level)| name == clock.clock.as_str() && *level >= clock.level) {
                continue;
            }
            let told =
                raise(ctx, incident.id, (clock.clock.as_str(), clock.level), &incident.details.title, clock.due_at);
            raised += usize::from(told.await?);
        }
    }
    Ok(raised)
}

async fn raise(
    ctx: &Ctx,
    id: IncidentId,
    (clock, level): (&'static str, u8),
    title: &str,
    due: kernel::Timestamp,
) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.push(INSERT_ALARM, params![ctx.workspace, id, clock, level, ctx.now()]);
    let text = format!("{clock} {level} %");
    push_entry(&mut batch, ctx, id, ("alarm", ctx.now()), &text).await?;
    batch.feed(Feed { kind: "incident.clock", entity: id.into(), data: json!({ "clock": clock, "level": level }) });
    let (level_text, due) = (level.to_string(), due.to_string());
    let kind = format!("incident_clock_{clock}");
    let letter = Letter::written(&kind, &[("title", title), ("level", &level_text), ("due", &due)])?;
    announcements::announce(&mut batch, ctx, ("incident_clock", Audience::Officers), id.into(), &letter).await?;
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(true),
        Err(store::Error::Unique(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
