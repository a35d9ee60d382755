//! What a workspace decides about calendars: which count for which event type, and what happens when one does
//! not answer.

use accounts::audit;
use kernel::{CalendarId, EventTypeId, HostId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use super::queries;
use crate::error::invalid;
use crate::{Error, Result};

/// What happens to a booking when a calendar of the host cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// It is refused once the last good look is older than [`Settings::stale_after_minutes`].
    Closed,
    /// It is taken on what is known.
    Open,
}

/// The workspace's settings about calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What happens when a calendar cannot be asked.
    pub when_unreachable: Unreachable,
    /// After how many minutes what is known of a calendar is stale; 5 to 10080.
    pub stale_after_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { when_unreachable: Unreachable::Closed, stale_after_minutes: 60 }
    }
}

impl Settings {
    /// What was read before this instant is stale.
    pub fn stale_before(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-60 * i64::from(self.stale_after_minutes))
    }
}

/// The workspace's settings.
///
/// # Errors
/// When the store fails.
pub async fn settings(ctx: &Ctx) -> Result<Settings> {
    let row: Option<(String,)> = ctx.db.get(queries::GET_SETTINGS, params![ctx.workspace]).await?;
    Ok(row.and_then(|(text,)| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Keeps the workspace's settings.
///
/// # Errors
/// A time out of bounds.
pub async fn save_settings(ctx: &Ctx, settings: Settings) -> Result<Settings> {
    if !(5..=10_080).contains(&settings.stale_after_minutes) {
        return Err(invalid("stale_after_minutes", "between 5 and 10080"));
    }
    let text = serde_json::to_string(&settings).map_err(|_| Error::Internal("calendars"))?;
    let mut batch = ctx.batch();
    batch.push(queries::SAVE_SETTINGS, params![ctx.workspace, text, ctx.now()]);
    audit::record(&mut batch, ctx, "calendar.settings", &[]);
    ctx.db.apply(batch).await?;
    Ok(settings)
}

/// The calendars that count for a host and an event type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Whose.
    pub host: HostId,
    /// Which; an empty list means none.
    pub calendars: Vec<CalendarId>,
}

fn read(text: &str) -> Vec<CalendarId> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The hosts of an event type that chose calendars for it.
///
/// # Errors
/// When the store fails.
pub async fn choices(ctx: &Ctx, event_type: EventTypeId) -> Result<Vec<Choice>> {
    let rows: Vec<(HostId, String)> = ctx.db.all(queries::CHOICES, params![ctx.workspace, event_type]).await?;
    Ok(rows.into_iter().map(|(host, text)| Choice { host, calendars: read(&text) }).collect())
}

/// A host's choice for an event type, when there is one.
pub(super) async fn choice_of(ctx: &Ctx, event_type: EventTypeId, host: HostId) -> Result<Option<Vec<CalendarId>>> {
    let row: Option<(String,)> = ctx.db.get(queries::CHOICE_OF, params![ctx.workspace, event_type, host]).await?;
    Ok(row.map(|(text,)| read(&text)))
}

/// Chooses the calendars that count for a host and an event type; `None` goes back to what the calendars
/// themselves say.
///
/// # Errors
/// A calendar that is not the host's.
pub async fn choose(
    ctx: &Ctx,
    event_type: EventTypeId,
    host: HostId,
    calendars: Option<Vec<CalendarId>>,
) -> Result<Choice> {
    let known: Vec<(CalendarId, bool)> = ctx.db.all(queries::CONFLICTS_OF_HOST, params![ctx.workspace, host]).await?;
    let mut batch = ctx.batch();
    let chosen = match calendars {
        None => {
            batch.push(queries::UNCHOOSE, params![ctx.workspace, event_type, host]);
            known.into_iter().filter(|(_, conflicts)| *conflicts).map(|(id, _)| id).collect()
        }
        Some(mut calendars) => {
            calendars.sort_unstable();
            calendars.dedup();
            if calendars.iter().any(|id| !known.iter().any(|(known, _)| known == id)) {
                return Err(invalid("calendars", "one of them is not a calendar of this host"));
            }
            let text = serde_json::to_string(&calendars).map_err(|_| Error::Internal("calendars"))?;
            batch.push(queries::CHOOSE, params![ctx.workspace, event_type, host, text]);
            calendars
        }
    };
    audit::record(&mut batch, ctx, "calendar.chosen", &[&event_type, &host]);
    ctx.db.apply(batch).await?;
    Ok(Choice { host, calendars: chosen })
}
