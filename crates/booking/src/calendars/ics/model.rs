//! What a calendar says, as far as it concerns somebody's time.

use kernel::Timestamp;

use super::rule::Rule;
use super::when::{End, When};

/// Whether and how an event takes place (STATUS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// It does, or nothing is said.
    #[default]
    Confirmed,
    /// Perhaps.
    Tentative,
    /// It does not.
    Cancelled,
}

impl Status {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
        }
    }

    /// From what was stored or written; unknown words are [`Status::Confirmed`], which blocks.
    pub fn read(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "tentative" => Self::Tentative,
            "cancelled" | "canceled" => Self::Cancelled,
            _ => Self::Confirmed,
        }
    }
}

/// What somebody answered to an invitation (PARTSTAT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PartStat {
    /// Nothing yet.
    #[default]
    NeedsAction,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Perhaps.
    Tentative,
    /// Somebody else comes.
    Delegated,
}

impl PartStat {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAction => "needs_action",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Tentative => "tentative",
            Self::Delegated => "delegated",
        }
    }

    /// From what was stored or written.
    pub fn read(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "accepted" => Self::Accepted,
            "declined" => Self::Declined,
            "tentative" => Self::Tentative,
            "delegated" => Self::Delegated,
            _ => Self::NeedsAction,
        }
    }
}

/// What a scheduling message wants (RFC 5546 section 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To be entered.
    Publish,
    /// To be answered.
    Request,
    /// An answer.
    Reply,
    /// It is off.
    Cancel,
    /// Another time is proposed.
    Counter,
    /// The proposal is refused.
    DeclineCounter,
    /// The newest version is asked for.
    Refresh,
    /// Further occurrences.
    Add,
}

impl Method {
    /// As in `METHOD:` and in the media type's parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Reply => "REPLY",
            Self::Cancel => "CANCEL",
            Self::Counter => "COUNTER",
            Self::DeclineCounter => "DECLINECOUNTER",
            Self::Refresh => "REFRESH",
            Self::Add => "ADD",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let all = [
            Self::Publish,
            Self::Request,
            Self::Reply,
            Self::Cancel,
            Self::Counter,
            Self::DeclineCounter,
            Self::Refresh,
            Self::Add,
        ];
        all.into_iter().find(|method| text.trim().eq_ignore_ascii_case(method.as_str()))
    }
}

/// Somebody invited, as far as it is read: the address and the answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The address in lower case, without `mailto:`.
    pub address: String,
    /// The answer.
    pub partstat: PartStat,
}

impl std::fmt::Debug for Attendee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[pii] {:?}", self.partstat)
    }
}

/// Which version of a component this is; the greater one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Revision {
    /// SEQUENCE.
    pub sequence: i64,
    /// DTSTAMP.
    pub stamp: Timestamp,
}

/// A VEVENT, or a busy period of a VFREEBUSY.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// UID; empty when the writer forgot it.
    pub uid: String,
    /// Which occurrence this replaces, and whether those after it, too (THISANDFUTURE).
    pub replaces: Option<(When, bool)>,
    /// DTSTART.
    pub start: When,
    /// DTEND or DURATION.
    pub end: End,
    /// RRULE.
    pub rules: Vec<Rule>,
    /// EXRULE, which RFC 2445 knew.
    pub except_rules: Vec<Rule>,
    /// RDATE, with an end of its own where it is a period.
    pub rdates: Vec<(When, End)>,
    /// EXDATE.
    pub exdates: Vec<When>,
    /// Whether it leaves the time free (TRANSP).
    pub transparent: bool,
    /// STATUS.
    pub status: Status,
    /// Who is invited.
    pub attendees: Vec<Attendee>,
    /// ORGANIZER, in lower case and without `mailto:`.
    pub organizer: Option<String>,
    /// Which version.
    pub revision: Revision,
}

impl Event {
    /// An event at a moment, without end.
    pub fn new(uid: impl Into<String>, start: When) -> Self {
        Self {
            uid: uid.into(),
            replaces: None,
            start,
            end: End::Open,
            rules: Vec::new(),
            except_rules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            transparent: false,
            status: Status::Confirmed,
            attendees: Vec::new(),
            organizer: None,
            revision: Revision::default(),
        }
    }
}

/// A calendar as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// METHOD, in scheduling messages.
    pub method: Option<Method>,
    /// The events, in the order they came.
    pub events: Vec<Event>,
    /// Components and values that could not be understood or were beyond the limits: what the calendar says
    /// is then perhaps not all of it.
    pub doubtful: u32,
}

impl Calendar {
    /// A calendar of these events.
    pub fn of(events: Vec<Event>) -> Self {
        Self { events, ..Self::default() }
    }
}

/// One occurrence: a stretch of somebody's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// The event's UID.
    pub uid: String,
    /// From.
    pub start: Timestamp,
    /// To; the same as `start` for what has no length, which blocks nothing.
    pub end: Timestamp,
    /// Whether it leaves the time free.
    pub transparent: bool,
    /// Whether it takes place.
    pub status: Status,
    /// What the reader answered; `None` when the reader is not among those invited.
    pub partstat: Option<PartStat>,
}

impl Busy {
    /// Whether it blocks (R17): not when transparent, cancelled or declined; what is tentative or unanswered
    /// when `tentative` says so.
    pub fn blocks(&self, tentative: bool) -> bool {
        blocks(self.transparent, self.status, self.partstat, tentative)
    }
}

/// Rule R17 over its parts.
pub(in crate::calendars) fn blocks(
    transparent: bool,
    status: Status,
    partstat: Option<PartStat>,
    tentative: bool,
) -> bool {
    if transparent {
        return false;
    }
    match (status, partstat) {
        (Status::Cancelled, _) | (_, Some(PartStat::Declined | PartStat::Delegated)) => false,
        (Status::Tentative, _) | (_, Some(PartStat::Tentative | PartStat::NeedsAction)) => tentative,
        _ => true,
    }
}
