//! Hosts: members whose time can be booked, and their absences.

mod absences;
mod absent;
mod create;
mod list;
mod present;
mod update;

use booking::hosts;
use kernel::{HostId, ScheduleId, UserId};
use store::{Actor, Ctx};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_hosts": list, create, update, absences, absent, present)
}

/// A host, as members see it.
#[derive(Serialize, ToSchema)]
pub(super) struct BookingHost {
    /// Its id.
    #[schema(value_type = String)]
    id: HostId,
    /// The account of the member; null once the member left.
    #[schema(value_type = Option<String>)]
    member: Option<UserId>,
    /// The member's name, or the address of who gave none; null for former members.
    name: Option<String>,
    /// The zone of the member.
    timezone: String,
    /// The hours; nothing can be booked without.
    #[schema(value_type = Option<String>)]
    schedule: Option<ScheduleId>,
    /// Since when the member is gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Timestamp>,
    /// Since when the host exists.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

async fn shown(ctx: &Ctx, all: Vec<hosts::Host>) -> Result<Vec<BookingHost>> {
    let names = hosts::labels(ctx).await?;
    let show = |host: hosts::Host| BookingHost {
        name: names.get(&host.id).cloned(),
        id: host.id,
        member: host.member,
        timezone: host.timezone,
        schedule: host.schedule,
        left_at: host.left_at,
        created_at: host.created_at,
    };
    Ok(all.into_iter().map(show).collect())
}

/// Members look after their own time; everybody else's needs the permission to manage.
async fn own(caller: &Caller, ctx: &Ctx, id: HostId) -> Result<()> {
    let host = hosts::get(ctx, id).await?;
    if host.member.is_some_and(|member| ctx.actor == Actor::User(member)) {
        return Ok(());
    }
    caller.require("bookings:manage")?;
    Ok(())
}
