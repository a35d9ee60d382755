//! What was booked elsewhere: Calendly's export of events (CSV) and its event types (the JSON of its API).
//!
//! Everything is known again by the name it had there, so that the same file twice makes nothing twice, and what was
//! erased here does not come back. Imported event types are hidden until a member has looked at them; nobody is
//! written to because of an import. Rows that cannot be taken are told by line and reason, never by content.

mod event_types;
mod events;
mod run;
mod when;

use kernel::{EventTypeId, HostId};
use serde::Serialize;
use utoipa::ToSchema;

pub use event_types::{MOST_TYPES, Offered, read_event_types};
pub use events::{Event, MOST_ROWS, read_events};
pub use run::run;

/// Where imported bookings come from.
pub const SOURCE: &str = "import";
/// The longest file, in octets.
pub const LONGEST: usize = 8 * 1024 * 1024;
/// Refusals that are told one by one; the rest is counted.
const TOLD: usize = 500;

store::data_map!("booking", include_str!("../../migrations/import.txt"));
store::migration!("booking", 31, "import", include_str!("../../migrations/0031_import.sql"));

/// What is to be imported, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Calendly's event types, as its API answers them.
    pub event_types: Option<String>,
    /// Calendly's export of scheduled events.
    pub events: Option<String>,
    /// Whose time events take whose own host is no member here.
    pub host: Option<HostId>,
    /// What events belong to whose event type is not here.
    pub event_type: Option<EventTypeId>,
    /// The zone of the times in the file, which it does not say; the host's when absent.
    pub timezone: Option<String>,
    /// Only tell what would happen.
    pub dry_run: bool,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BookingImportReject)]
pub struct Reject {
    /// `event_types` or `events`.
    pub file: &'static str,
    /// Which line of the file, or which item of the list; from 1.
    pub line: u64,
    /// Which column or member, where one is to blame.
    pub field: Option<&'static str>,
    /// Why.
    pub detail: String,
}

/// How many of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BookingImportCount)]
pub struct Count {
    /// In the file.
    pub rows: u64,
    /// Made, or to be made.
    pub new: u64,
    /// Here already.
    pub known: u64,
    /// Refused.
    pub rejected: u64,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BookingImportReport)]
pub struct Report {
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// Event types.
    pub event_types: Count,
    /// Bookings.
    pub bookings: Count,
    /// Answers that were left out, because no question of the event type asks for them here.
    pub answers_left_out: u64,
    /// The first rows that were not taken.
    pub rejected: Vec<Reject>,
}

impl Report {
    fn reject(&mut self, reject: Reject) {
        let count = if reject.file == events::FILE { &mut self.bookings } else { &mut self.event_types };
        count.rejected += 1;
        if self.rejected.len() < TOLD {
            self.rejected.push(reject);
        }
    }
}

/// What was read of a file: what can be taken, each with its line, and what cannot.
#[derive(Debug, Clone)]
pub struct Read<T> {
    /// Can be taken.
    pub items: Vec<(u64, T)>,
    /// Cannot.
    pub rejects: Vec<Reject>,
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self { items: Vec::new(), rejects: Vec::new() }
    }
}
