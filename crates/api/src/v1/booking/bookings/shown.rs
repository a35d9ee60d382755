//! A booking as members see it.

use std::collections::{BTreeMap, HashMap};

use booking::event_types::EventType;
use booking::reservations::{Booking, State as Standing};
use kernel::{BookingId, ContactId, EventTypeId, HostId, ResourceId};
use store::Ctx;

use crate::v1::prelude::*;

/// A host of a booking.
#[derive(Serialize, ToSchema)]
pub(in crate::v1) struct BookingPart {
    /// The host.
    #[schema(value_type = String)]
    id: HostId,
    /// The member's name, or the address of who gave none; null for former members.
    name: Option<String>,
}

/// A booking.
#[derive(Serialize, ToSchema)]
pub(in crate::v1) struct BookingView {
    /// Its id.
    #[schema(value_type = String)]
    pub(in crate::v1) id: BookingId,
    /// What was booked.
    #[schema(value_type = String)]
    event_type: EventTypeId,
    /// The session it has a seat of; bookings of a group share one.
    session: String,
    /// Where it stands.
    state: Standing,
    /// The event type's title in the attendee's language.
    title: String,
    /// From.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// The zone it was agreed in: the host's.
    timezone: String,
    /// The civil time it was agreed for there.
    civil: String,
    /// The zone in which the attendee saw it.
    attendee_timezone: String,
    /// The attendee's language.
    language: String,
    /// Where it came from: `page`, `embed`, `api`, `import`.
    source: String,
    /// Who takes part.
    hosts: Vec<BookingPart>,
    /// What is needed.
    #[schema(value_type = Vec<String>)]
    resources: Vec<ResourceId>,
    /// The attendee.
    #[schema(value_type = String)]
    contact: ContactId,
    /// The attendee's name.
    name: String,
    /// The attendee's address.
    email: String,
    /// The attendee's number, where one was needed.
    phone: Option<String>,
    /// Addresses of guests.
    guests: Vec<String>,
    /// Where it takes place.
    location: Option<String>,
    /// Answers by question.
    #[schema(value_type = Object)]
    answers: BTreeMap<String, Json>,
    /// Whether the attendee did not come.
    no_show: bool,
    /// What became of the payment: `open`, `failed` (may be tried again), `expired`, `paid`, `mismatched` (another
    /// amount: a member decides), `refunding`, `refunded`, `refund_failed` (a member decides).
    payment: Option<String>,
    /// Counts reschedules and the end.
    sequence: u32,
    /// Its name in calendars.
    uid: String,
    /// Who ended it: `attendee`, `member`, `system`.
    ended_by: Option<String>,
    /// Why it was ended.
    reason: Option<String>,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl BookingView {
    pub(in crate::v1) async fn of(
        ctx: &Ctx,
        booking: Booking,
        of: &EventType,
        names: &HashMap<HostId, String>,
    ) -> Result<Self> {
        let details = booking.details(ctx).await?.unwrap_or_default();
        let (hosts, resources) = booking.parts(ctx).await?;
        Ok(Self {
            event_type: booking.event_type,
            session: BookingId(booking.session).to_string().replace("bkg_", "ses_"),
            state: booking.state,
            title: of.definition.texts(&booking.language).title.clone(),
            start: booking.start,
            end: booking.end,
            hosts: hosts.into_iter().map(|id| BookingPart { id, name: names.get(&id).cloned() }).collect(),
            resources,
            contact: booking.contact,
            name: details.name,
            email: details.email,
            phone: details.phone,
            guests: details.guests,
            location: details.location,
            answers: details.answers,
            no_show: booking.no_show,
            sequence: booking.sequence,
            uid: booking.uid(),
            reason: details.reason,
            created_at: booking.created_at,
            updated_at: booking.updated_at,
            id: booking.id,
            timezone: booking.timezone,
            civil: booking.civil,
            attendee_timezone: booking.attendee_timezone,
            language: booking.language,
            source: booking.source,
            payment: booking.payment,
            ended_by: booking.ended_by,
        })
    }
}
