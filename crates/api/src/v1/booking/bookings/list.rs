//! `GET /v1/booking/bookings`

use std::collections::HashMap;

use booking::event_types;
use booking::reservations::{self, Filter, State as Standing};
use kernel::{BookingId, ContactId, EventTypeId, HostId, Page};

use super::{BookingView, Reach};
use crate::v1::prelude::*;

/// Which bookings are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BookingQuery {
    /// Starting from (inclusive); now when absent.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// To (exclusive); a year after `from` when absent.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Of this host.
    #[param(value_type = Option<String>)]
    host: Option<HostId>,
    /// Of this event type.
    #[param(value_type = Option<String>)]
    event_type: Option<EventTypeId>,
    /// `pending`, `confirmed`, `cancelled`, `declined`.
    #[param(value_type = Option<String>)]
    state: Option<Standing>,
    /// Of this person.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Bookings by start: everybody's for who manages bookings, else one's own.
#[utoipa::path(get, path = "/v1/booking/bookings", params(BookingQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<BookingView>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<BookingQuery>) -> Result<JsonBody<Listed<BookingView>>> {
    let ctx = caller.require("bookings:read")?;
    let from = query.from.unwrap_or(ctx.now());
    let after = match &query.cursor {
        None => None,
        Some(text) => {
            let read = text
                .split_once('.')
                .and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse::<BookingId>().ok()?)));
            Some(read.ok_or_else(|| Problem::field("cursor", "this is no cursor of this list"))?)
        }
    };
    let host = match Reach::of(&ctx, &caller).await? {
        Reach::All => query.host,
        Reach::Own(own) if query.host.is_none_or(|host| host == own) => Some(own),
        Reach::Own(_) | Reach::Nothing => return Ok(JsonBody(Page { items: Vec::new(), next: None }.into())),
    };
    let filter = Filter {
        from,
        to: query.to.unwrap_or(from.plus_micros(366 * Timestamp::DAY)),
        host,
        event_type: query.event_type,
        state: query.state,
        contact: query.contact,
        after,
    };
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let found = reservations::list(&ctx, &filter, limit).await?;
    let next = found.last().filter(|_| found.len() == limit).map(|last| format!("{}.{}", last.start.0, last.id));
    let names = booking::hosts::labels(&ctx).await?;
    let types: HashMap<_, _> = event_types::all(&ctx).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut items = Vec::with_capacity(found.len());
    for one in found {
        if let Some(of) = types.get(&one.event_type) {
            items.push(BookingView::of(&ctx, one, of, &names).await?);
        }
    }
    Ok(JsonBody(Page { items, next }.into()))
}
