//! The calendar entry that goes with a mail (iMIP, RFC 6047): the same UID for the booking's whole life.

use outbound::Invitation;

use super::said::Told;
use crate::calendars::ics::{Method, PartStat, Party, Status, Written, write};
use crate::reservations::State;

/// To whom an invitation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader<'a> {
    /// Who booked.
    Attendee,
    /// Who comes along; told of nobody but themselves.
    Guest(&'a str),
}

/// The entry, or its withdrawal once the booking has ended; none while it is undecided.
pub(super) fn invitation(told: &Told, reader: Reader<'_>) -> Option<Invitation> {
    let booking = &told.booking;
    let (method, status) = match booking.state {
        State::Confirmed => (Method::Request, Status::Confirmed),
        State::Cancelled => (Method::Cancel, Status::Cancelled),
        State::Pending | State::Declined => return None,
    };
    let name = match method {
        Method::Cancel => "CANCEL",
        _ => "REQUEST",
    };
    let guest = |address| Party { name: "", address, partstat: Some(PartStat::NeedsAction) };
    let own = Party { name: &told.details.name, address: &told.details.email, partstat: Some(PartStat::Accepted) };
    let parties: Vec<Party<'_>> = match reader {
        Reader::Attendee => {
            std::iter::once(own).chain(told.details.guests.iter().map(|address| guest(address))).collect()
        }
        Reader::Guest(address) => vec![guest(address)],
    };
    let ics = write(&Written {
        method: Some(method),
        uid: &booking.uid(),
        sequence: booking.sequence,
        stamp: booking.updated_at,
        start: booking.start,
        end: booking.end,
        summary: &told.texts(&booking.language).title,
        description: Some(told.texts(&booking.language).instructions.as_str()).filter(|text| !text.trim().is_empty()),
        location: told.details.location.as_deref(),
        url: None,
        organizer: Some(Party { name: &told.organisation, address: Invitation::ANSWERS, partstat: None }),
        attendees: &parties,
        status,
        client_schedules: false,
    });
    Some(Invitation { method: name.to_owned(), ics })
}
