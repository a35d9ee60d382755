//! Hosts: members whose time can be booked, their absences, and what becomes of their meetings when they leave.

use std::collections::HashMap;

use kernel::{Email, HostId, Problem, ScheduleId, Timestamp, UserId};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};
use utoipa::ToSchema;

use crate::error::invalid;
use crate::model::zone;
use crate::{Error, Result, schedules};

store::sql! {
    INSERT_HOST = "INSERT INTO booking_host (workspace, id, member, timezone, schedule, left_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, NULL, $6, $6)";
    UPDATE_HOST = "UPDATE booking_host SET timezone = $3, schedule = $4, updated_at = $5 WHERE workspace = $1 AND id = $2 AND left_at IS NULL";
    /// Nothing of the member stays on the row: meetings and shares still have a host, without a person.
    LEAVE = "UPDATE booking_host SET member = $3, left_at = $4, updated_at = $4 WHERE workspace = $1 AND id = $2 AND left_at IS NULL";
    HOST = "SELECT id, member, timezone, schedule, left_at, created_at FROM booking_host WHERE workspace = $1 AND id = $2";
    HOSTS = "SELECT id, member, timezone, schedule, left_at, created_at FROM booking_host WHERE workspace = $1 ORDER BY id";
    HOST_OF = "SELECT id, member, timezone, schedule, left_at, created_at FROM booking_host WHERE workspace = $1 AND member = $2";
    INSERT_ABSENCE = "INSERT INTO booking_absence (workspace, id, host, from_at, to_at, hand_over, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DELETE_ABSENCE = "DELETE FROM booking_absence WHERE workspace = $1 AND id = $2";
    ABSENCES = "SELECT id, host, from_at, to_at, hand_over FROM booking_absence WHERE workspace = $1 AND host = $2 AND to_at > $3 ORDER BY to_at LIMIT 500";
    OVER = "SELECT NULL, to_at, id FROM booking_absence WHERE workspace = $1 AND to_at < $2 ORDER BY to_at LIMIT $3";
}

/// A host.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Host {
    /// Its id.
    #[schema(value_type = String)]
    pub id: HostId,
    /// The account of the member; absent once the member left.
    #[schema(value_type = Option<String>)]
    pub member: Option<UserId>,
    /// The zone of the member.
    pub timezone: String,
    /// The hours; nothing can be booked without.
    #[schema(value_type = Option<String>)]
    pub schedule: Option<ScheduleId>,
    /// Since when the member is gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub left_at: Option<Timestamp>,
    /// Since when the host exists.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl store::FromRow for Host {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let id = row.take()?;
        let member: String = row.take()?;
        Ok(Self {
            id,
            member: member.parse().ok(),
            timezone: row.take()?,
            schedule: row.take()?,
            left_at: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// A time in which a host is away.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Absence {
    /// Its id.
    pub id: String,
    /// Who.
    #[schema(value_type = String)]
    pub host: HostId,
    /// From.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// Who stands in meanwhile for meetings with this one host.
    #[schema(value_type = Option<String>)]
    pub hand_over: Option<HostId>,
}

impl store::FromRow for Absence {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let id: kernel::EventId = row.take()?;
        Ok(Self { id: id.to_string(), host: row.take()?, from: row.take()?, to: row.take()?, hand_over: row.take()? })
    }
}

/// Makes a member a host, or gives the one that is there.
///
/// # Errors
/// When the account is no member, or the zone or schedule does not exist.
pub async fn ensure(ctx: &Ctx, user: UserId, timezone: &str, schedule: Option<ScheduleId>) -> Result<Host> {
    zone("timezone", timezone)?;
    if !members(ctx).await?.contains_key(&user) {
        return Err(invalid("member", "there is no such member"));
    }
    if let Some(schedule) = schedule {
        schedules::get(ctx, schedule).await?;
    }
    if let Some(host) = of(ctx, user).await? {
        return Ok(host);
    }
    let id: HostId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_HOST, params![ctx.workspace, id, user.to_string(), timezone, schedule, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.host.created", &[&id]);
    batch.feed(Feed { kind: "booking.host.created", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Ok(_) => get(ctx, id).await,
        // Somebody was faster.
        Err(store::Error::Unique(_)) => of(ctx, user).await?.ok_or(Error::NotFound("host")),
        Err(error) => Err(error.into()),
    }
}

/// Changes a host's zone and hours.
///
/// # Errors
/// When there is no such host, schedule or zone.
pub async fn update(ctx: &Ctx, id: HostId, timezone: &str, schedule: Option<ScheduleId>) -> Result<Host> {
    zone("timezone", timezone)?;
    if let Some(schedule) = schedule {
        schedules::get(ctx, schedule).await?;
    }
    let mut batch = ctx.batch();
    batch.guard(UPDATE_HOST, params![ctx.workspace, id, timezone, schedule, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.host.updated", &[&id]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("host")),
        other => {
            other?;
            get(ctx, id).await
        }
    }
}

/// A host.
///
/// # Errors
/// When there is none.
pub async fn get(ctx: &Ctx, id: HostId) -> Result<Host> {
    ctx.db.get(HOST, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("host"))
}

/// The host that a member is, if any.
///
/// # Errors
/// When the database fails.
pub async fn of(ctx: &Ctx, user: UserId) -> Result<Option<Host>> {
    Ok(ctx.db.opt(HOST_OF, params![ctx.workspace, user.to_string()]).await?)
}

/// The zone of a host's hours, or of a resource; `None` when there is neither.
///
/// # Errors
/// When the database fails.
pub async fn zone_of(ctx: &Ctx, id: HostId) -> Result<Option<String>> {
    let host: Option<Host> = ctx.db.get(HOST, params![ctx.workspace, id]).await?;
    let Some(host) = host else {
        let room = crate::resources::get(ctx, kernel::ResourceId(id.0)).await;
        return Ok(room.ok().map(|room| room.timezone));
    };
    match host.schedule {
        Some(schedule) => Ok(Some(schedules::get(ctx, schedule).await?.hours.timezone)),
        None => Ok(Some(host.timezone)),
    }
}

/// Every host, those of former members included.
///
/// # Errors
/// When the database fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Host>> {
    Ok(ctx.db.all(HOSTS, params![ctx.workspace]).await?)
}

/// Every member's account, name and address, those invited included.
async fn members(ctx: &Ctx) -> Result<HashMap<UserId, (String, Email)>> {
    let (mut out, mut after) = (HashMap::new(), None);
    loop {
        let page = accounts::members::list(ctx, after, 1000).await?;
        after = page.last().map(|member| member.id);
        out.extend(
            page.iter().map(|member| (member.user, (member.name.expose().clone(), member.email.expose().clone()))),
        );
        if page.len() < 1000 {
            return Ok(out);
        }
    }
}

/// What people are told of hosts: names and nothing else. A former member has none.
///
/// # Errors
/// When the store fails.
pub async fn names(ctx: &Ctx) -> Result<HashMap<HostId, String>> {
    called(ctx, |name, _| Some(name).filter(|name| !name.is_empty())).await
}

/// What members are told of hosts: the name, or the address of who gave none. A former member has neither.
///
/// # Errors
/// When the store fails.
pub async fn labels(ctx: &Ctx) -> Result<HashMap<HostId, String>> {
    called(ctx, |name, email| Some(if name.is_empty() { email.to_string() } else { name })).await
}

async fn called(ctx: &Ctx, call: impl Fn(String, Email) -> Option<String>) -> Result<HashMap<HostId, String>> {
    let mut people = members(ctx).await?;
    let hosts = list(ctx).await?.into_iter();
    Ok(hosts
        .filter_map(|host| {
            let (name, email) = people.remove(&host.member?)?;
            Some((host.id, call(name, email)?))
        })
        .collect())
}

/// Hosts whose members are gone become former ones; their meetings stay for those who still need them. Tells how
/// many.
///
/// # Errors
/// When the store fails.
pub async fn part_with_former_members(ctx: &Ctx) -> Result<usize> {
    let (mut count, there) = (0, members(ctx).await?);
    for host in list(ctx).await? {
        if host.member.is_none_or(|user| there.contains_key(&user)) {
            continue;
        }
        let mut batch = ctx.batch();
        batch.push(LEAVE, params![ctx.workspace, host.id, format!("former/{}", host.id), ctx.now()]);
        batch.feed(Feed { kind: "booking.host.left", entity: host.id.into(), data: json!({}) });
        crate::calendars::depart(&mut batch, host.id);
        ctx.db.apply(batch).await?;
        count += 1;
    }
    Ok(count)
}

/// Enters a time in which a host is away. Why is nobody's business and not kept.
///
/// # Errors
/// When the hosts do not exist or the range is empty.
pub async fn leave_office(ctx: &Ctx, absence: Absence) -> Result<Absence> {
    get(ctx, absence.host).await?;
    if absence.from >= absence.to || absence.to.0 - absence.from.0 > 1100 * Timestamp::DAY {
        return Err(invalid("to", "expected later than from, at most three years"));
    }
    if let Some(other) = absence.hand_over {
        if other == absence.host {
            return Err(invalid("hand_over", "expected another host"));
        }
        get(ctx, other).await?;
    }
    let id: kernel::EventId = ctx.id();
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, absence.host, absence.from, absence.to, absence.hand_over, ctx.now()];
    batch.push(INSERT_ABSENCE, values);
    accounts::audit::record(&mut batch, ctx, "booking.absence.created", &[&absence.host]);
    ctx.db.apply(batch).await?;
    Ok(Absence { id: id.to_string(), ..absence })
}

/// Absences of a host that are not over yet.
///
/// # Errors
/// When the database fails.
pub async fn absences(ctx: &Ctx, host: HostId, after: Timestamp) -> Result<Vec<Absence>> {
    Ok(ctx.db.all(ABSENCES, params![ctx.workspace, host, after]).await?)
}

/// Absences of each of these hosts that are not over yet.
///
/// # Errors
/// When the database fails.
pub async fn absences_of(ctx: &Ctx, hosts: &[HostId], after: Timestamp) -> Result<Vec<Vec<Absence>>> {
    let sets = hosts.iter().map(|host| params![ctx.workspace, *host, after]).collect();
    Ok(ctx.db.many(ABSENCES, sets).await?)
}

/// Takes an absence back.
///
/// # Errors
/// When there is none.
pub async fn return_to_office(ctx: &Ctx, id: &str) -> Result<()> {
    let id: kernel::EventId = id.parse().map_err(|_| Error::NotFound("absence"))?;
    let mut batch = ctx.batch();
    batch.guard(DELETE_ABSENCE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "booking.absence.deleted", &[&id]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("absence")),
        other => Ok(other.map(|_| ())?),
    }
}

store::retention!(store::RetentionRule {
    table: "booking_absence",
    class: "booking",
    covers: &[],
    event: "its end",
    due_by: store::DueBy::Instant,
    find: OVER,
    end: &[DELETE_ABSENCE],
    before: None,
    after: None,
});

impl From<crate::slots::SlotError> for Error {
    fn from(error: crate::slots::SlotError) -> Self {
        Self::Invalid(Problem::field("query", error.to_string()))
    }
}
