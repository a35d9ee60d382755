//! Schedules (hours with exceptions) and the workspace's lists of holidays.

use std::collections::HashMap;

use kernel::{Date, ScheduleId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};
use utoipa::ToSchema;

use crate::error::invalid;
use crate::model::{Hours, MOST};
use crate::{Error, Result};

store::sql! {
    INSERT_SCHEDULE = "INSERT INTO booking_schedule (workspace, id, name, definition, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 1, $5, $5)";
    UPDATE_SCHEDULE = "UPDATE booking_schedule SET name = $3, definition = $4, version = version + 1, updated_at = $5
        WHERE workspace = $1 AND id = $2 AND version = $6";
    DELETE_SCHEDULE = "DELETE FROM booking_schedule WHERE workspace = $1 AND id = $2";
    SCHEDULE = "SELECT id, name, definition, version, updated_at FROM booking_schedule WHERE workspace = $1 AND id = $2";
    SCHEDULES = "SELECT id, name, definition, version, updated_at FROM booking_schedule WHERE workspace = $1 ORDER BY id";
    USER_OF_SCHEDULE = "SELECT id FROM booking_host WHERE workspace = $1 AND schedule = $2 LIMIT 1";
    PUT_HOLIDAYS = "INSERT INTO booking_holidays (workspace, code, name, dates, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, code) DO UPDATE SET name = $3, dates = $4, updated_at = $5";
    DELETE_HOLIDAYS = "DELETE FROM booking_holidays WHERE workspace = $1 AND code = $2";
    HOLIDAYS = "SELECT code, name, dates, updated_at FROM booking_holidays WHERE workspace = $1 ORDER BY code";
}

/// A schedule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Schedule {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ScheduleId,
    /// What members call it.
    pub name: String,
    /// The hours.
    pub hours: Hours,
    /// Counts changes.
    pub version: i64,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl store::FromRow for Schedule {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            hours: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("hours"))?,
            version: row.take()?,
            updated_at: row.take()?,
        })
    }
}

/// A list of dates on which nobody works.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Holidays {
    /// Its name in schedules, such as `sa`.
    pub code: String,
    /// What members call it.
    pub name: String,
    /// The dates.
    #[schema(value_type = Vec<String>)]
    pub dates: Vec<Date>,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl store::FromRow for Holidays {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            code: row.take()?,
            name: row.take()?,
            dates: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("dates"))?,
            updated_at: row.take()?,
        })
    }
}

pub(crate) fn named(name: &str) -> Result<&str> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= 200 && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(invalid("name", "expected 1 to 200 characters")) }
}

fn text(hours: &Hours) -> Result<String> {
    hours.check()?;
    serde_json::to_string(hours).map_err(|_| Error::Internal("hours"))
}

/// Makes a schedule.
///
/// # Errors
/// What is wrong, by field.
pub async fn create(ctx: &Ctx, name: &str, hours: &Hours) -> Result<Schedule> {
    let (name, text, id) = (named(name)?, text(hours)?, ctx.id::<ScheduleId>());
    let mut batch = ctx.batch();
    batch.push(INSERT_SCHEDULE, params![ctx.workspace, id, name, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.schedule.created", &[&id]);
    batch.feed(Feed { kind: "booking.schedule.created", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a schedule that is still at this version.
///
/// # Errors
/// `version_conflict` when somebody was faster.
pub async fn update(ctx: &Ctx, id: ScheduleId, version: i64, name: &str, hours: &Hours) -> Result<Schedule> {
    get(ctx, id).await?;
    let (name, text) = (named(name)?, text(hours)?);
    let mut batch = ctx.batch();
    batch.guard(UPDATE_SCHEDULE, params![ctx.workspace, id, name, text, ctx.now(), version]);
    accounts::audit::record(&mut batch, ctx, "booking.schedule.updated", &[&id]);
    batch.feed(Feed { kind: "booking.schedule.updated", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Deletes a schedule that no host uses.
///
/// # Errors
/// When one does.
pub async fn delete(ctx: &Ctx, id: ScheduleId) -> Result<()> {
    get(ctx, id).await?;
    let user: Option<(kernel::HostId,)> = ctx.db.opt(USER_OF_SCHEDULE, params![ctx.workspace, id]).await?;
    let used_by_type = crate::event_types::all(ctx)
        .await?
        .iter()
        .any(|one| one.archived().is_none() && one.definition.hosts.iter().any(|host| host.schedule == Some(id)));
    if user.is_some() || used_by_type {
        return Err(Error::Conflict("a host still works by these hours".to_owned()));
    }
    let mut batch = ctx.batch();
    batch.push(DELETE_SCHEDULE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "booking.schedule.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A schedule.
///
/// # Errors
/// When there is none.
pub async fn get(ctx: &Ctx, id: ScheduleId) -> Result<Schedule> {
    ctx.db.get(SCHEDULE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("schedule"))
}

/// Every schedule.
///
/// # Errors
/// When the database fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Schedule>> {
    Ok(ctx.db.all(SCHEDULES, params![ctx.workspace]).await?)
}

/// Writes a list of holidays, in place of the one of the same code.
///
/// # Errors
/// When the code or the dates are not in order.
pub async fn put_holidays(ctx: &Ctx, code: &str, name: &str, mut dates: Vec<Date>) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || code.len() > 40 || !code.chars().all(plain) {
        return Err(invalid("code", "expected 1 to 40 lower-case letters, digits and hyphens"));
    }
    if dates.len() > MOST {
        return Err(invalid("dates", "at most 1000"));
    }
    dates.sort_unstable();
    dates.dedup();
    let text = serde_json::to_string(&dates).map_err(|_| Error::Internal("dates"))?;
    let mut batch = ctx.batch();
    batch.push(PUT_HOLIDAYS, params![ctx.workspace, code, named(name)?, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.holidays.updated", &[&code]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes a list of holidays; schedules that name it are no longer closed on its dates.
///
/// # Errors
/// When there is none.
pub async fn delete_holidays(ctx: &Ctx, code: &str) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(DELETE_HOLIDAYS, params![ctx.workspace, code]);
    accounts::audit::record(&mut batch, ctx, "booking.holidays.deleted", &[&code]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("list of holidays")),
        other => Ok(other.map(|_| ())?),
    }
}

/// Every list of holidays.
///
/// # Errors
/// When the database fails.
pub async fn holidays(ctx: &Ctx) -> Result<Vec<Holidays>> {
    Ok(ctx.db.all(HOLIDAYS, params![ctx.workspace]).await?)
}

/// The dates of every list, by code.
pub(crate) async fn dates(ctx: &Ctx) -> Result<HashMap<String, Vec<Date>>> {
    Ok(holidays(ctx).await?.into_iter().map(|list| (list.code, list.dates)).collect())
}
