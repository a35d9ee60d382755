//! What calendars look like outside.

use booking::calendars::{
    Account, AccountKind, AccountState, Answer, CalendarView, Choice, Detail, ProviderView, PublishedFeed, Settings,
    Suggested, Suggestion, Unreachable,
};

use crate::v1::prelude::*;

/// What kind of calendars an account has.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CalendarKind {
    /// A CalDAV server.
    Caldav,
    /// A calendar file on the web, read only.
    Feed,
    /// Google Calendar.
    Google,
    /// Microsoft 365 and Outlook.
    Microsoft,
}

impl From<AccountKind> for CalendarKind {
    fn from(kind: AccountKind) -> Self {
        match kind {
            AccountKind::Caldav => Self::Caldav,
            AccountKind::Feed => Self::Feed,
            AccountKind::Google => Self::Google,
            AccountKind::Microsoft => Self::Microsoft,
        }
    }
}

impl From<CalendarKind> for AccountKind {
    fn from(kind: CalendarKind) -> Self {
        match kind {
            CalendarKind::Caldav => Self::Caldav,
            CalendarKind::Feed => Self::Feed,
            CalendarKind::Google => Self::Google,
            CalendarKind::Microsoft => Self::Microsoft,
        }
    }
}

/// Where an account stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CalendarAccountState {
    /// The vendor has not sent the browser back yet.
    Connecting,
    /// It works.
    Active,
    /// The credentials are not accepted any more; connect it anew.
    Unauthorised,
    /// A calendar of it cannot be read just now.
    Failing,
}

/// A connected account.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarAccount {
    id: String,
    /// Whose calendars these are.
    host: String,
    kind: CalendarKind,
    /// What its owner calls it.
    label: String,
    /// Its address on the web; never a password.
    address: String,
    state: CalendarAccountState,
    /// The host's own addresses: an event that one of them declined does not block.
    addresses: Vec<String>,
    /// The zone in which whole days are read, when not the host's.
    time_zone: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    calendars: Vec<HostCalendar>,
}

/// A calendar of an account.
#[derive(Serialize, ToSchema)]
pub(super) struct HostCalendar {
    id: String,
    account: String,
    host: String,
    /// What its owner calls it.
    name: String,
    /// Whether its events block times of event types without a choice of their own.
    conflicts: bool,
    /// Whether the host's bookings are written into it; one calendar of a host at most.
    target: bool,
    /// Whether events can be written.
    writable: bool,
    /// When it was last read.
    #[schema(value_type = Option<String>, format = DateTime)]
    synced_at: Option<Timestamp>,
    /// When that was last tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    tried_at: Option<Timestamp>,
    /// Whether what is known is older than the workspace's setting allows.
    stale: bool,
    /// Why it cannot be read: `blocked`, `dns`, `connect`, `tls`, `timeout`, `unauthorised`, `forbidden`,
    /// `not_found`, `too_large`, `status`, `redirect`, `protocol`, `not_a_calendar`, `conflict`.
    error: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// How many events and values could not be understood.
    doubtful: u32,
}

impl From<CalendarView> for HostCalendar {
    fn from(view: CalendarView) -> Self {
        Self {
            id: view.id.to_string(),
            account: view.account.to_string(),
            host: view.host.to_string(),
            name: view.name,
            conflicts: view.conflicts,
            target: view.target,
            writable: view.writable,
            synced_at: view.synced_at,
            tried_at: view.tried_at,
            stale: view.stale,
            error: view.error,
            failing_since: view.failing_since,
            doubtful: view.doubtful,
        }
    }
}

impl From<Account> for CalendarAccount {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            host: account.host.to_string(),
            kind: account.kind.into(),
            label: account.label,
            address: account.address,
            state: match account.state {
                AccountState::Connecting => CalendarAccountState::Connecting,
                AccountState::Active => CalendarAccountState::Active,
                AccountState::Unauthorised => CalendarAccountState::Unauthorised,
                AccountState::Failing => CalendarAccountState::Failing,
            },
            addresses: account.addresses,
            time_zone: account.time_zone,
            created_at: account.created_at,
            updated_at: account.updated_at,
            calendars: account.calendars.into_iter().map(HostCalendar::from).collect(),
        }
    }
}

/// The calendars that count for a host and an event type.
#[derive(Serialize, ToSchema)]
pub(super) struct HostCalendarChoice {
    host: String,
    /// Ids of calendars; an empty list means none.
    calendars: Vec<String>,
}

impl From<Choice> for HostCalendarChoice {
    fn from(choice: Choice) -> Self {
        let calendars = choice.calendars.iter().map(ToString::to_string).collect();
        Self { host: choice.host.to_string(), calendars }
    }
}

/// What happens to a booking when a calendar of the host cannot be asked.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WhenUnreachable {
    /// It is refused once what is known is stale.
    Closed,
    /// It is taken on what is known.
    Open,
}

/// The workspace's settings about calendars.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarSettings {
    when_unreachable: WhenUnreachable,
    /// After how many minutes what is known of a calendar is stale; 5 to 10080.
    stale_after_minutes: u32,
}

impl From<Settings> for CalendarSettings {
    fn from(settings: Settings) -> Self {
        let when_unreachable = match settings.when_unreachable {
            Unreachable::Closed => WhenUnreachable::Closed,
            Unreachable::Open => WhenUnreachable::Open,
        };
        Self { when_unreachable, stale_after_minutes: settings.stale_after_minutes }
    }
}

impl From<CalendarSettings> for Settings {
    fn from(settings: CalendarSettings) -> Self {
        let when_unreachable = match settings.when_unreachable {
            WhenUnreachable::Closed => Unreachable::Closed,
            WhenUnreachable::Open => Unreachable::Open,
        };
        Self { when_unreachable, stale_after_minutes: settings.stale_after_minutes }
    }
}

/// How much a feed tells.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FeedDetail {
    /// That the host is busy, bookings and connected calendars alike.
    Busy,
    /// The host's bookings with what and who.
    Full,
}

impl From<FeedDetail> for Detail {
    fn from(detail: FeedDetail) -> Self {
        match detail {
            FeedDetail::Busy => Self::Busy,
            FeedDetail::Full => Self::Full,
        }
    }
}

/// A published feed.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarFeed {
    id: String,
    host: String,
    detail: FeedDetail,
    /// Where programs subscribe. Whoever knows it reads it.
    url: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When somebody last fetched it.
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
}

impl CalendarFeed {
    /// The feed under this server's address.
    pub(super) fn at(public_url: &str, feed: PublishedFeed) -> Self {
        Self {
            id: feed.id.to_string(),
            host: feed.host.to_string(),
            detail: match feed.detail {
                Detail::Busy => FeedDetail::Busy,
                Detail::Full => FeedDetail::Full,
            },
            url: format!("{}/book/feed/{}.ics", public_url.trim_end_matches('/'), feed.token),
            created_at: feed.created_at,
            read_at: feed.read_at,
        }
    }
}

/// What a host did to a copy of a booking.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SuggestionKind {
    /// Deleted or cancelled the event.
    Deleted,
    /// Moved it.
    Moved,
}

/// A copy of a booking that its host changed in the calendar. The booking stands until a member decides.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarSuggestion {
    booking: String,
    calendar: String,
    host: String,
    kind: SuggestionKind,
    /// When the booking begins.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// When the change was noticed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Suggestion> for CalendarSuggestion {
    fn from(one: Suggestion) -> Self {
        Self {
            booking: one.booking.to_string(),
            calendar: one.calendar.to_string(),
            host: one.host.to_string(),
            kind: match one.kind {
                Suggested::Deleted => SuggestionKind::Deleted,
                Suggested::Moved => SuggestionKind::Moved,
            },
            start: one.start,
            end: one.end,
            at: one.at,
        }
    }
}

/// What somebody answered to an invitation by mail.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationAnswer {
    /// `accepted`, `declined`, `tentative`, `needs_action` or `delegated`.
    partstat: String,
    /// The time they propose instead.
    #[schema(value_type = Option<String>, format = DateTime)]
    proposed_start: Option<Timestamp>,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    proposed_end: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Answer> for InvitationAnswer {
    fn from(answer: Answer) -> Self {
        Self {
            partstat: answer.partstat,
            proposed_start: answer.proposed_start,
            proposed_end: answer.proposed_end,
            at: answer.at,
        }
    }
}

/// A vendor of calendars as set up.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarProvider {
    kind: CalendarKind,
    /// Whether the organisation's application is registered.
    configured: bool,
    /// Its public name.
    client_id: Option<String>,
    /// The address to enter at the vendor as the one to return to.
    redirect_uri: String,
}

impl From<ProviderView> for CalendarProvider {
    fn from(view: ProviderView) -> Self {
        Self {
            kind: view.kind.into(),
            configured: view.configured,
            client_id: view.client_id,
            redirect_uri: view.redirect_uri,
        }
    }
}

/// Of which host.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HostQuery {
    /// Only this host's.
    #[param(value_type = Option<String>)]
    pub(super) host: Option<kernel::HostId>,
}

/// Of which event type.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TypeQuery {
    /// The event type.
    #[param(value_type = String)]
    pub(super) event_type: kernel::EventTypeId,
}

/// Of which booking.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BookingQuery {
    /// The booking.
    #[param(value_type = String)]
    pub(super) booking: kernel::BookingId,
}
