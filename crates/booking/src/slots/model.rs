//! What the slot function is asked: a meeting, its hosts, and what is already taken.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// A half-open interval in microseconds since 1970.
pub type Span = (i64, i64);

/// Microseconds of a minute.
pub const MINUTE: i64 = 60 * Timestamp::SECOND;

/// Who must be free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The one host.
    #[default]
    Single,
    /// Every host.
    Collective,
    /// The fixed hosts and one of the others.
    RoundRobin,
}

impl Mode {
    /// The mode as written in answers and rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Collective => "collective",
            Self::RoundRobin => "round_robin",
        }
    }
}

/// What is offered: lengths in minutes.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// How long it takes.
    pub duration: i64,
    /// From one start of the grid to the next.
    pub step: i64,
    /// Kept free before.
    pub buffer_before: i64,
    /// Kept free after.
    pub buffer_after: i64,
    /// Between now and the earliest start.
    pub min_notice: i64,
    /// The last bookable civil date is today and so many days.
    pub rolling_days: Option<i64>,
    /// The first and last bookable civil date.
    pub date_range: (Option<Date>, Option<Date>),
    /// Bookings of this type on one date of the host.
    pub max_per_day: Option<u32>,
    /// Bookings of this type in one week (from Monday) of the host.
    pub max_per_week: Option<u32>,
    /// Seats.
    pub capacity: u32,
    /// The local clock's multiple that a window's first start is rounded up to.
    pub align: Option<i64>,
    /// Who must be free.
    pub mode: Mode,
    /// The zone in which bookable dates are counted; the first host's when there is none.
    pub zone: Option<TimeZone>,
}

impl Default for Meeting {
    fn default() -> Self {
        Self {
            duration: 30,
            step: 30,
            buffer_before: 0,
            buffer_after: 0,
            min_notice: 0,
            rolling_days: None,
            date_range: (None, None),
            max_per_day: None,
            max_per_week: None,
            capacity: 1,
            align: None,
            mode: Mode::Single,
            zone: None,
        }
    }
}

/// Weekly hours: on these days from `start` to `end`, minutes after the local midnight; an end that is not
/// after the start is on the next date (rule R4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The days of the week.
    pub days: Vec<Weekday>,
    /// 0 to 1439.
    pub start: u16,
    /// 0 to 1440.
    pub end: u16,
}

/// One date's hours instead of the weekly ones; none at all closes it (rule R3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The host's date.
    pub date: Date,
    /// As in [`Rule`].
    pub intervals: Vec<(u16, u16)>,
}

/// A live booking of a host.
#[derive(Debug, Clone)]
pub struct Booked {
    /// Identifies it among the input, for rescheduling (rule R16).
    pub key: u64,
    /// From and to, without buffers.
    pub span: Span,
    /// The buffers it was booked with, in minutes.
    pub buffers: (i64, i64),
    /// Whether it is of the meeting's own type: only such share seats and count for limits.
    pub same_type: bool,
    /// How many seats it takes.
    pub seats: u32,
}

/// A slot that somebody holds while filling in the form.
#[derive(Debug, Clone)]
pub struct Held {
    /// From and to, without buffers.
    pub span: Span,
    /// The buffers of what is held, in minutes.
    pub buffers: (i64, i64),
    /// It blocks while this is later than now (rule R15).
    pub expires: i64,
    /// Whose it is.
    pub holder: u64,
    /// Whether it is of the meeting's own type.
    pub same_type: bool,
}

/// What is taken of somebody's or something's time.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// What calendars say (rule R17 has already spoken).
    pub busy: Vec<Span>,
    /// Barid's own bookings.
    pub booked: Vec<Booked>,
    /// Holds.
    pub held: Vec<Held>,
}

/// A host.
#[derive(Debug, Clone)]
pub struct Host {
    /// The zone of the hours below.
    pub zone: TimeZone,
    /// Weekly hours.
    pub rules: Vec<Rule>,
    /// Exceptions by date.
    pub overrides: Vec<Override>,
    /// Dates that are closed unless an override says otherwise.
    pub holidays: Vec<Date>,
    /// Out of office: nothing starts or runs into it; buffers may.
    pub absent: Vec<Span>,
    /// What is taken.
    pub taken: Taken,
    /// With [`Mode::RoundRobin`]: takes part in every meeting.
    pub fixed: bool,
}

/// The question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The present.
    pub now: i64,
    /// Starts from (inclusive) …
    pub from: i64,
    /// … to (exclusive).
    pub to: i64,
    /// What is offered.
    pub meeting: Meeting,
    /// By whom; the order matters (rule R13).
    pub hosts: Vec<Host>,
    /// Rooms and the like: of each group one must be free.
    pub rooms: Vec<Vec<Taken>>,
    /// Whose holds do not count.
    pub requester: Option<u64>,
    /// The booking that is being moved.
    pub reschedule_of: Option<u64>,
    /// Whether reasons for missing times are wanted.
    pub why: bool,
}

/// A time that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// When it begins.
    pub at: i64,
    /// Who is free, as places in [`Question::hosts`], ascending.
    pub hosts: Vec<usize>,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Why no meeting can start in a range of time.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, for documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The reason as written in answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

reasons! {
    /// The host's hours do not cover it.
    OutsideHours = "outside_hours";
    /// A holiday closes the date.
    Holiday = "holiday";
    /// An exception of the date says other hours.
    Override = "override";
    /// The other hosts are not there at the same time.
    NotTogether = "not_together";
    /// What is left of the hours is shorter than the meeting.
    TooShort = "too_short";
    /// It begins sooner than the notice asked for.
    Notice = "notice";
    /// It is further ahead than is booked.
    RollingWindow = "rolling_window";
    /// It is not within the dates on offer.
    DateRange = "date_range";
    /// The host's bookings of the day are full.
    DayLimit = "day_limit";
    /// The host's bookings of the week are full.
    WeekLimit = "week_limit";
    /// The host is out of office.
    OutOfOffice = "out_of_office";
    /// A calendar says busy.
    Busy = "busy";
    /// Another booking is there.
    Booked = "booked";
    /// Every seat is taken.
    Full = "full";
    /// Only the time kept free before or after is in the way.
    Buffer = "buffer";
    /// Somebody is filling in the form for it.
    Held = "held";
    /// No room of those needed is free.
    Room = "room";
}

/// No meeting can start in `[from, to)`, because of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// From.
    pub from: i64,
    /// To.
    pub to: i64,
    /// The reason.
    pub reason: Reason,
    /// The host concerned, as a place in [`Question::hosts`].
    pub host: usize,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// What is offered, in order.
    pub starts: Vec<Start>,
    /// What is missing; empty unless asked for.
    pub why: Vec<Why>,
}

/// A question that is too large or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// A length is zero, negative or beyond what a calendar holds.
    #[error("{0}")]
    Invalid(&'static str),
    /// The range, the hosts or the grid are more than is computed at once.
    #[error("{0}")]
    TooLarge(&'static str),
}
