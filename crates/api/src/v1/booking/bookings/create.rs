//! `POST /v1/booking/bookings`

use std::collections::BTreeMap;

use booking::event_types;
use booking::reservations::{Attendee, Booked, Filled, book};
use booking::tokens::{self, Act};
use kernel::{Email, EventTypeId, HoldId, HostId, Locale};
use people::subscribe::Proof;

use super::BookingView;
use crate::v1::prelude::*;

/// Who books.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAttendee {
    /// The name.
    name: String,
    /// The address.
    email: String,
    /// The zone in which they saw the times; the host's when absent.
    timezone: Option<String>,
    /// `en` or `ar`; the workspace's when absent.
    language: Option<String>,
    /// The number, where one is needed.
    phone: Option<String>,
}

/// What is to be booked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBooking {
    /// Of what.
    #[schema(value_type = String)]
    event_type: EventTypeId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// One of the lengths on offer, in minutes.
    duration: Option<u32>,
    /// With this host of the pool.
    #[schema(value_type = Option<String>)]
    host: Option<HostId>,
    /// The slot that is held for it.
    #[schema(value_type = Option<String>)]
    hold: Option<HoldId>,
    /// Who books.
    attendee: NewAttendee,
    /// Addresses of guests.
    #[serde(default)]
    guests: Vec<String>,
    /// Which of the event type's locations, from 0.
    location: Option<usize>,
    /// The attendee's own place, where that is asked for.
    place: Option<String>,
    /// Answers by question.
    #[serde(default)]
    #[schema(value_type = Object)]
    answers: BTreeMap<String, Json>,
    /// Whether the attendee ticked the box of the topic on offer.
    #[serde(default)]
    marketing: bool,
}

/// A booking, and the attendee's ways to change it.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeBooking {
    #[serde(flatten)]
    booking: BookingView,
    /// Where the attendee pays; null when nothing is to be paid.
    payment_url: Option<String>,
    /// Where the attendee cancels; absent for a booking that was there before.
    cancel_url: Option<String>,
    /// Where the attendee moves it; absent for a booking that was there before.
    reschedule_url: Option<String>,
}

/// Book. The same attendee at the same time of the same event type gets the booking that is there (200).
#[utoipa::path(post, path = "/v1/booking/bookings", request_body = NewBooking, security(("key" = ["bookings:write"])),
    responses((status = 201, body = MadeBooking), (status = 200, body = MadeBooking)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewBooking>,
) -> Result<(StatusCode, JsonBody<MadeBooking>)> {
    let ctx = caller.require("bookings:write")?;
    let of = event_types::get(&ctx, input.event_type).await?;
    let address = |field: &str, text: &str| {
        Email::parse(text).map_err(|error| Problem::field(field.to_owned(), error.to_string()))
    };
    let guests: Result<Vec<Email>, Problem> = input.guests.iter().map(|text| address("guests", text)).collect();
    let language = match &input.attendee.language {
        Some(text) => text.parse().map_err(|_| Problem::field("attendee.language", "expected en or ar"))?,
        None => accounts::workspaces::get(&ctx).await?.language,
    };
    let language = if Locale::language(&language) == "ar" { Locale::ar() } else { Locale::en() };
    let timezone = match input.attendee.timezone {
        Some(name) => name,
        None => match of.definition.hosts.first() {
            Some(first) => booking::hosts::zone_of(&ctx, first.host).await?.unwrap_or_else(|| "UTC".to_owned()),
            None => "UTC".to_owned(),
        },
    };
    let wanted = Booked {
        start: input.start,
        duration: input.duration,
        host: input.host,
        hold: input.hold,
        attendee: Attendee {
            name: input.attendee.name,
            email: address("attendee.email", &input.attendee.email)?,
            phone: input.attendee.phone,
            timezone,
            language,
        },
        filled: Filled { location: input.location, place: input.place, guests: guests?, answers: input.answers },
        marketing: input.marketing,
        proof: Proof::default(),
        source: "api",
    };
    let (made, new) = book(&ctx, Some(&app.calendars), &of, wanted).await?;
    let keys = ctx.keys().await?;
    let link = |act: Act| new.then(|| tokens::link(&keys, app.outbound.public_url(), ctx.workspace, made.id, act));
    let (cancel_url, reschedule_url) = (link(Act::Cancel), link(Act::Reschedule));
    let payment_url = if made.payment.as_deref() == Some("open") { link(Act::Pay) } else { None };
    let JsonBody(booking) = super::view(&ctx, made).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(MadeBooking { booking, payment_url, cancel_url, reschedule_url })))
}
