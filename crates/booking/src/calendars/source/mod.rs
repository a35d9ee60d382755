//! Where calendars are: servers that speak CalDAV, files on the web, and two vendors' own interfaces, behind
//! one trait. Nothing here touches the database.

mod dav;
mod digest;
mod feed;
mod google;
mod http;
mod microsoft;
pub(super) mod oauth;
mod xml;

use store::BoxFuture;

use kernel::Timestamp;

use super::ics::Calendar;

pub(super) use dav::Dav;
pub(super) use feed::FeedFile;
pub(super) use google::Google;
pub(super) use http::{Http, Secret};
pub(super) use microsoft::Microsoft;

/// Why a calendar could not be asked. Never carries an address or an answer's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The host may not be contacted.
    #[error("blocked")]
    Blocked,
    /// The name does not resolve.
    #[error("dns")]
    Dns,
    /// Nobody answers.
    #[error("connect")]
    Connect,
    /// The password would travel in the clear.
    #[error("tls")]
    Tls,
    /// It took too long.
    #[error("timeout")]
    Timeout,
    /// The credentials are not accepted.
    #[error("unauthorised")]
    Unauthorised,
    /// The account may not do this.
    #[error("forbidden")]
    Forbidden,
    /// There is nothing there.
    #[error("not_found")]
    NotFound,
    /// The answer is larger than what is read.
    #[error("too_large")]
    TooLarge,
    /// Another status than was asked for.
    #[error("status")]
    Status,
    /// It sends elsewhere too often, or where it must not.
    #[error("redirect")]
    Redirect,
    /// The answer is not what the protocol knows.
    #[error("protocol")]
    Protocol,
    /// What came is no calendar.
    #[error("not_a_calendar")]
    NotACalendar,
    /// Somebody else changed it meanwhile.
    #[error("conflict")]
    Conflict,
    /// The place in the list of changes is not known any more: everything has to be read anew.
    #[error("expired")]
    Expired,
}

impl Failure {
    /// As stored and told.
    pub fn code(self) -> String {
        self.to_string()
    }

    /// Whether trying again is pointless until somebody acts.
    pub fn lasts(self) -> bool {
        matches!(self, Self::Blocked | Self::Tls | Self::Unauthorised)
    }
}

/// The result of asking a calendar.
pub(super) type Asked<T> = Result<T, Failure>;

/// A calendar as its server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where: a URL or a vendor's id.
    pub(super) place: String,
    /// What its owner calls it.
    pub(super) name: String,
    /// Whether events can be written.
    pub(super) writable: bool,
    /// Whether it is the account's first.
    pub(super) primary: bool,
}

/// What an account has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Listing {
    /// The calendars.
    pub(super) calendars: Vec<Found>,
    /// The owner's own addresses, in lower case.
    pub(super) addresses: Vec<String>,
}

/// One object of a calendar: all versions of one event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resource {
    /// Its name within the calendar.
    pub(super) href: String,
    /// Its version, when told.
    pub(super) etag: Option<String>,
    /// What it says.
    pub(super) content: Calendar,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Changes {
    /// Whether `resources` are all there are in the range, so that everything else is gone.
    pub(super) whole: bool,
    /// New or changed.
    pub(super) resources: Vec<Resource>,
    /// Gone.
    pub(super) gone: Vec<String>,
    /// Where to go on the next time.
    pub(super) cursor: Option<String>,
    /// Objects that could not be read.
    pub(super) doubtful: u32,
}

/// The instants of interest.
pub(super) type Range = (Timestamp, Timestamp);

/// An event to be written, in whatever words the other end understands.
pub(super) struct Entry<'a> {
    /// The UID, and the name to be written under when there is none yet.
    pub(super) uid: &'a str,
    /// As iCalendar.
    pub(super) ics: &'a str,
    /// As parts, for interfaces that speak JSON.
    pub(super) parts: super::ics::Written<'a>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Placed {
    /// Under which name.
    pub(super) href: String,
    /// Which version, when told.
    pub(super) etag: Option<String>,
}

/// A way to somebody's calendars.
pub(super) trait CalendarSource: Send + Sync {
    /// The calendars of the account.
    fn list(&self) -> BoxFuture<'_, Asked<Listing>>;

    /// What changed in a calendar since `cursor`; everything in the range without one, or when the cursor is not
    /// known any more.
    fn changes<'a>(&'a self, place: &'a str, cursor: Option<&'a str>, range: Range) -> BoxFuture<'a, Asked<Changes>>;

    /// What is in the range now. `None` when this kind of source can only be asked for changes.
    fn within<'a>(&'a self, _place: &'a str, _range: Range) -> Option<BoxFuture<'a, Asked<Vec<Resource>>>> {
        None
    }

    /// Writes an event: over what was written before, or as a new one, which must not make a second one when
    /// it is repeated.
    fn write<'a>(
        &'a self,
        place: &'a str,
        before: Option<&'a Placed>,
        entry: Entry<'a>,
    ) -> BoxFuture<'a, Asked<Placed>>;

    /// Takes an event out; it is no failure when it is gone already.
    fn remove<'a>(&'a self, place: &'a str, before: &'a Placed) -> BoxFuture<'a, Asked<()>>;
}
