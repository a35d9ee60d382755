//! Calendars outside Barid: what they say about hosts' time, and the copies of bookings kept there.
//!
//! An [`Account`] is a host's way to one server, feed or vendor; its [`CalendarView`]s either block times, or get
//! the host's bookings written into them, or both. A slot query never touches the network: [`busy`] reads what
//! background synchronisation ([`SyncJob`]) stored. On the booking path [`Calendars::recheck`] asks the chosen
//! host's calendars once more, within two seconds.
//!
//! Titles, descriptions, places and other people's names are neither read nor kept: of an event only its
//! instants, its state and what the host answered.

mod accounts;
mod answers;
mod check;
mod choices;
mod copies;
mod feeds;
mod hosts;
pub mod ics;
mod invitations;
mod model;
mod personal;
mod providers;
mod queries;
mod source;
mod suggestions;
mod sync;
mod taken;

use std::sync::Arc;
use std::time::Duration;

use kernel::{EventTypeId, HostId, Timestamp};
use outbound::webhooks::{GuardedClient, Lookup, Policy};

pub use accounts::{ChangeAccount, Connect, Tested, host_of};
pub use answers::{Answer, answers, read_answer};
pub use check::busy;
pub use choices::{Choice, Settings, Unreachable, choices, choose, save_settings, settings};
pub use copies::{CopyJob, QUEUE as COPY_QUEUE};
pub(crate) use copies::{clear_orphans, depart};
pub use feeds::{Detail, PublishedFeed, publish, published, rendered, withdraw};
pub use hosts::may_handle;
pub use ics::{Expansion, Reader, expand};
pub use invitations::invitation;
pub use model::{Account, AccountKind, AccountState, CalendarChange, CalendarView};
pub use providers::{ProviderChange, ProviderView};
pub use source::Failure;
pub use suggestions::{Suggested, Suggestion, dismiss, suggestions};
pub use sync::{QUEUE as SYNC_QUEUE, SyncJob};

store::migration!("booking", 20, "calendars", include_str!("../../migrations/0020_calendars.sql"));
store::data_map!("booking", include_str!("../../migrations/calendars.txt"));

/// How long one request to a calendar may take.
const WHOLE: Duration = Duration::from_secs(30);
/// How far ahead a published feed tells, in days.
const FEED_DAYS: i64 = 366;

/// Whose busy times are wanted, for what, and when.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The hosts; a resource under [`HostId`] with the octets of its own id.
    pub hosts: Vec<HostId>,
    /// The event type, which may have a choice of conflict calendars of its own.
    pub event_type: EventTypeId,
    /// Whether tentative events and those not answered yet block (rule R17's setting).
    pub tentative: bool,
    /// From (inclusive).
    pub from: Timestamp,
    /// To (exclusive).
    pub to: Timestamp,
}

/// Whether the calendars could be asked just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// [`busy`] now says what the calendars say, or nothing is connected.
    Current,
    /// A calendar did not answer and its last good synchronisation is too old for the workspace's setting:
    /// the booking must be refused for this host.
    Stale,
}

/// The way to calendars outside: what the process has one of.
#[derive(Debug, Clone)]
pub struct Calendars {
    client: GuardedClient,
    public_url: Arc<str>,
}

impl Calendars {
    /// Calendars on the hosts that `policy` allows. `public_url` is this server's own address, to which vendors
    /// send browsers back.
    ///
    /// # Errors
    /// When the TLS set-up of this machine does not work.
    pub fn new(policy: Policy, lookup: Arc<dyn Lookup>, public_url: &str) -> outbound::webhooks::Result<Self> {
        let client = GuardedClient::new(policy, lookup, WHOLE)?;
        Ok(Self { client, public_url: public_url.trim_end_matches('/').into() })
    }
}

/// Calendars of hosts, on servers that they or the organisation chose.
pub const CONNECTOR: &str = "calendars";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Processor,
    carries: &["names", "addresses", "appointments"],
    foreign: true,
});
