//! Bookings as calendar objects that travel with mails (iMIP, RFC 6047).

use kernel::Pii;
use outbound::Invitation;

use super::ics::{self, Method, PartStat, Party, Status, Written};
use crate::reservations::{CalendarEntry, State};

/// What a mail about a booking carries for its attendees' calendars: an invitation while the booking takes
/// place, its withdrawal afterwards. Answers come back to the very message: the organizer's address stands
/// for where that is ([`Invitation::ANSWERS`]). The attendees' own programs do the scheduling, so nothing is said
/// about agents.
pub fn invitation(entry: &CalendarEntry, organizer: &str, description: Option<&str>) -> Invitation {
    let takes_place = matches!(entry.state, State::Pending | State::Confirmed);
    let (method, status) = match entry.state {
        State::Pending => (Method::Request, Status::Tentative),
        _ if takes_place => (Method::Request, Status::Confirmed),
        _ => (Method::Cancel, Status::Cancelled),
    };
    let attendees: Vec<Party<'_>> = entry
        .attendees
        .iter()
        .map(|(name, address)| Party {
            name: name.expose(),
            address: address.expose(),
            partstat: Some(PartStat::NeedsAction),
        })
        .filter(|party| !party.address.is_empty())
        .collect();
    let ics = ics::write(&Written {
        method: Some(method),
        uid: &entry.uid,
        sequence: entry.sequence,
        stamp: entry.updated_at,
        start: entry.start,
        end: entry.end,
        summary: &entry.title,
        description,
        location: entry.location.as_ref().map(Pii::expose).map(String::as_str),
        url: None,
        organizer: Some(Party { name: organizer, address: Invitation::ANSWERS, partstat: None }),
        attendees: &attendees,
        status,
        client_schedules: false,
    });
    Invitation { method: method.as_str().to_owned(), ics }
}
