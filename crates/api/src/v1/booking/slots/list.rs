//! `GET /v1/booking/slots`

use std::collections::BTreeMap;

use booking::event_types;
use booking::model::zone;
use booking::offer::{Wanted, offer};
use kernel::{BookingId, EventTypeId, HoldId, HostId};

use crate::v1::prelude::*;

/// Which times are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SlotQuery {
    /// Of what.
    #[param(value_type = String)]
    event_type: EventTypeId,
    /// Starts from (inclusive) …
    #[param(value_type = String)]
    from: Timestamp,
    /// … to (exclusive), at most 100 days later.
    #[param(value_type = String)]
    to: Timestamp,
    /// The zone by whose dates the times are grouped; the first host's when absent.
    timezone: Option<String>,
    /// One of the lengths on offer, in minutes.
    duration: Option<u32>,
    /// With this host only.
    #[param(value_type = Option<String>)]
    host: Option<HostId>,
    /// Whose hold does not block.
    #[param(value_type = Option<String>)]
    hold: Option<HoldId>,
    /// The booking that is being moved.
    #[param(value_type = Option<String>)]
    reschedule_of: Option<BookingId>,
    /// Whether reasons for missing times are wanted.
    why: Option<bool>,
}

/// A time on offer.
#[derive(Serialize, ToSchema)]
pub(super) struct OfferedSlot {
    /// From.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// Who is free.
    #[schema(value_type = Vec<String>)]
    hosts: Vec<HostId>,
    /// In meetings with seats: how many are left.
    seats_left: Option<u32>,
}

/// Nothing can start in `[from, to)`, because of a host.
#[derive(Serialize, ToSchema)]
pub(super) struct MissingSlots {
    /// From.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// A code of docs/reference/slots.md.
    reason: &'static str,
    /// Whose time it is.
    #[schema(value_type = String)]
    host: HostId,
}

/// The times on offer by date.
#[derive(Serialize, ToSchema)]
pub(super) struct OfferedSlots {
    /// The zone of the dates.
    timezone: String,
    /// By date in that zone.
    days: BTreeMap<String, Vec<OfferedSlot>>,
    /// Why others are missing, when asked for.
    why: Vec<MissingSlots>,
}

/// The times at which an event type can be booked, by local date; with `why` also why others cannot.
#[utoipa::path(get, path = "/v1/booking/slots", params(SlotQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = OfferedSlots)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<SlotQuery>) -> Result<JsonBody<OfferedSlots>> {
    let ctx = caller.require("bookings:read")?;
    let of = event_types::get(&ctx, query.event_type).await?;
    let wanted = Wanted {
        duration: query.duration,
        host: query.host,
        hold: query.hold,
        reschedule_of: query.reschedule_of,
        why: query.why.unwrap_or(false),
        ..Wanted::between(query.from, query.to)
    };
    let found = offer(&ctx, &of, &wanted).await?;
    let zone = match &query.timezone {
        Some(name) => zone("timezone", name)?,
        None => match found.hosts.first() {
            Some(first) => first.zone.clone(),
            None => zone("timezone", "UTC")?,
        },
    };
    let host = |place: &usize| found.hosts.get(*place).map(|one| one.host);
    let mut days: BTreeMap<String, Vec<OfferedSlot>> = BTreeMap::new();
    for start in &found.answer.starts {
        let at = Timestamp(start.at);
        let seats = (of.definition.capacity > 1).then(|| found.seats_left(start, of.definition.capacity));
        days.entry(zone.to_datetime(at.to_jiff()).date().to_string()).or_default().push(OfferedSlot {
            start: at,
            end: found.end(at),
            hosts: start.hosts.iter().filter_map(host).collect(),
            seats_left: seats,
        });
    }
    let why = found.answer.why.iter().filter_map(|why| {
        let (from, to, reason) = (Timestamp(why.from), Timestamp(why.to), why.reason.as_str());
        Some(MissingSlots { from, to, reason, host: host(&why.host)? })
    });
    let timezone = zone.iana_name().unwrap_or("UTC").to_owned();
    Ok(JsonBody(OfferedSlots { timezone, days, why: why.collect() }))
}
