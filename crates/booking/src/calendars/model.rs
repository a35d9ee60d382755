//! Accounts and calendars as they are kept and shown.

use kernel::{CalendarAccountId, CalendarId, HostId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, WorkspaceKeys};

use super::source::oauth::Tokens;
use crate::{Error, Result};

/// What kind of calendars an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A CalDAV server (RFC 4791).
    Caldav,
    /// A calendar file on the web, read only.
    Feed,
    /// Google Calendar.
    Google,
    /// Microsoft 365 and Outlook.
    Microsoft,
}

impl AccountKind {
    /// As stored and told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caldav => "caldav",
            Self::Feed => "feed",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        match text {
            "feed" => Self::Feed,
            "google" => Self::Google,
            "microsoft" => Self::Microsoft,
            _ => Self::Caldav,
        }
    }

    /// Seconds between two looks at a calendar of this kind.
    pub(super) const fn pace(self) -> i64 {
        match self {
            Self::Feed => 15 * 60,
            _ => 5 * 60,
        }
    }
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// The vendor has not sent the browser back yet.
    Connecting,
    /// It works.
    Active,
    /// The credentials are not accepted any more: somebody has to connect it anew.
    Unauthorised,
    /// A calendar of it cannot be read just now.
    Failing,
}

impl AccountState {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Active | Self::Failing => "active",
            Self::Unauthorised => "unauthorised",
        }
    }

    fn read(text: &str) -> Self {
        match text {
            "connecting" => Self::Connecting,
            "unauthorised" => Self::Unauthorised,
            _ => Self::Active,
        }
    }
}

/// What is sealed of an account.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Access {
    pub(super) label: String,
    /// The URL.
    pub(super) address: String,
    pub(super) username: String,
    pub(super) password: String,
    /// The host's own addresses in lower case: whose answer to an invitation counts.
    pub(super) addresses: Vec<String>,
    /// In which zone whole days and floating times are read, when not in the host's.
    pub(super) zone: Option<String>,
    pub(super) tokens: Option<Tokens>,
    /// The PKCE verifier while the vendor is asked.
    pub(super) verifier: Option<String>,
}

/// What is sealed of a calendar.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) place: String,
    pub(super) name: String,
}

const ACCOUNT: &str = "calendar_account.sealed";
const CALENDAR: &str = "calendar.sealed";
const CURSOR: &str = "calendar.place_cursor";

pub(super) fn sealed<T: Serialize>(keys: &WorkspaceKeys, column: &str, value: &T) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(value).map_err(|_| Error::Internal("calendars"))?;
    Ok(keys.seal(column, &text))
}

pub(super) fn opened<T: serde::de::DeserializeOwned>(keys: &WorkspaceKeys, column: &str, sealed: &[u8]) -> Result<T> {
    serde_json::from_slice(&keys.open(column, sealed)?).map_err(|_| Error::Internal("calendars"))
}

store::row! {
    #[derive(Clone)]
    pub(super) struct AccountRow {
        pub(super) id: CalendarAccountId,
        pub(super) host: HostId,
        pub(super) kind: String,
        pub(super) sealed: Vec<u8>,
        pub(super) state: String,
        pub(super) created_by: String,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}

impl AccountRow {
    pub(super) fn kind(&self) -> AccountKind {
        AccountKind::read(&self.kind)
    }

    pub(super) fn access(&self, keys: &WorkspaceKeys) -> Result<Access> {
        opened(keys, ACCOUNT, &self.sealed)
    }

    pub(super) fn seal(keys: &WorkspaceKeys, access: &Access) -> Result<Vec<u8>> {
        sealed(keys, ACCOUNT, access)
    }
}

/// A calendar's row.
#[derive(Clone)]
pub(super) struct CalendarRow {
    pub(super) id: CalendarId,
    pub(super) account: CalendarAccountId,
    pub(super) host: HostId,
    pub(super) sealed: Vec<u8>,
    pub(super) conflicts: bool,
    pub(super) target: bool,
    pub(super) writable: bool,
    pub(super) cursor: Option<Vec<u8>>,
    pub(super) covers_to: Option<Timestamp>,
    pub(super) synced_at: Option<Timestamp>,
    pub(super) tried_at: Option<Timestamp>,
    pub(super) error: Option<String>,
    pub(super) failures: u32,
    pub(super) failing_since: Option<Timestamp>,
    pub(super) doubtful: u32,
}

impl store::FromRow for CalendarRow {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            account: row.take()?,
            host: row.take()?,
            sealed: row.take()?,
            conflicts: row.take()?,
            target: row.take()?,
            writable: row.take()?,
            cursor: row.take()?,
            covers_to: row.take()?,
            synced_at: row.take()?,
            tried_at: row.take()?,
            error: row.take()?,
            failures: row.take()?,
            failing_since: row.take()?,
            doubtful: row.take()?,
        })
    }
}

impl CalendarRow {
    pub(super) fn place(&self, keys: &WorkspaceKeys) -> Result<Place> {
        opened(keys, CALENDAR, &self.sealed)
    }

    pub(super) fn seal(keys: &WorkspaceKeys, place: &Place) -> Result<Vec<u8>> {
        sealed(keys, CALENDAR, place)
    }

    /// Where reading goes on; what cannot be opened is read anew.
    pub(super) fn cursor(&self, keys: &WorkspaceKeys) -> Option<String> {
        opened(keys, CURSOR, self.cursor.as_ref()?).ok()
    }

    pub(super) fn seal_cursor(keys: &WorkspaceKeys, cursor: Option<&str>) -> Result<Option<Vec<u8>>> {
        cursor.map(|cursor| sealed(keys, CURSOR, &cursor)).transpose()
    }

    pub(super) fn shown(&self, keys: &WorkspaceKeys, stale_before: Timestamp) -> Result<CalendarView> {
        Ok(CalendarView {
            id: self.id,
            account: self.account,
            host: self.host,
            name: self.place(keys)?.name,
            conflicts: self.conflicts,
            target: self.target,
            writable: self.writable,
            synced_at: self.synced_at,
            tried_at: self.tried_at,
            stale: self.synced_at.is_none_or(|at| at < stale_before),
            error: self.error.clone(),
            failing_since: self.failing_since,
            doubtful: self.doubtful,
        })
    }
}

/// A connected account.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The account.
    pub id: CalendarAccountId,
    /// Whose calendars these are.
    pub host: HostId,
    /// What kind.
    pub kind: AccountKind,
    /// What its owner calls it.
    pub label: String,
    /// Its address on the web; never a password.
    pub address: String,
    /// Where it stands.
    pub state: AccountState,
    /// The host's own addresses, whose answers to invitations count.
    pub addresses: Vec<String>,
    /// The zone in which whole days are read, when not the host's.
    pub time_zone: Option<String>,
    /// Who connected it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its calendars.
    pub calendars: Vec<CalendarView>,
}

/// A calendar of an account.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarView {
    /// The calendar.
    pub id: CalendarId,
    /// Its account.
    pub account: CalendarAccountId,
    /// Whose it is.
    pub host: HostId,
    /// What its owner calls it.
    pub name: String,
    /// Whether its events block times of event types that chose no calendars of their own.
    pub conflicts: bool,
    /// Whether the host's bookings are written into it.
    pub target: bool,
    /// Whether events can be written.
    pub writable: bool,
    /// When it was last read in full or up to date.
    pub synced_at: Option<Timestamp>,
    /// When that was last tried.
    pub tried_at: Option<Timestamp>,
    /// Whether what is known is older than the workspace's setting allows.
    pub stale: bool,
    /// Why it cannot be read, as a code of [`super::Failure`].
    pub error: Option<String>,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// How many events and values could not be understood.
    pub doubtful: u32,
}

/// A change of a calendar's use.
#[derive(Debug, Clone, Copy, Default)]
pub struct CalendarChange {
    /// Whether its events block.
    pub conflicts: Option<bool>,
    /// Whether bookings are written into it; the host's other calendars then get none.
    pub target: Option<bool>,
}

impl AccountRow {
    pub(super) fn shown(&self, keys: &WorkspaceKeys, calendars: Vec<CalendarView>) -> Result<Account> {
        let access = self.access(keys)?;
        let state = match AccountState::read(&self.state) {
            AccountState::Active if calendars.iter().any(|calendar| calendar.error.is_some()) => AccountState::Failing,
            state => state,
        };
        Ok(Account {
            id: self.id,
            host: self.host,
            kind: self.kind(),
            label: access.label,
            address: access.address,
            state,
            addresses: access.addresses,
            time_zone: access.zone,
            created_by: self.created_by.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            calendars,
        })
    }
}
