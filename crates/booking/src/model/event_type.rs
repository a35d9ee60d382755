//! What can be booked.

use jiff::civil::Date;
use kernel::{HostId, NoticeId, ResourceId, ScheduleId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::question::Question;
use crate::slots::Mode;

/// The words of an event type in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    /// What it is called; at most 200 characters.
    pub title: String,
    /// What it is about, above the times; at most 4000 characters.
    pub description: String,
    /// Shown and mailed once it is booked.
    pub instructions: String,
    /// The workspace's own words on privacy, beside the notice.
    pub privacy: String,
    /// In the follow-up mail.
    pub follow_up: String,
}

/// A host of an event type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypeHost {
    /// The host.
    #[schema(value_type = String)]
    pub host: HostId,
    /// In round robin: takes part in every meeting.
    #[serde(default)]
    pub fixed: bool,
    /// In round robin: the share of meetings in proportion to the others', 1 to 1000.
    #[serde(default = "hundred")]
    pub weight: u16,
    /// In round robin, among equals: the greater goes first, 0 to 10.
    #[serde(default)]
    pub priority: u8,
    /// Hours for this event type instead of the host's own.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub schedule: Option<ScheduleId>,
    /// Since when the host takes part; set when first saved.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

const fn hundred() -> u16 {
    100
}

/// How round robin chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Assignment {
    /// Days over which shares are balanced, 1 to 366.
    pub period_days: u16,
    /// The attendee may choose the host.
    pub attendee_chooses: bool,
}

impl Default for Assignment {
    fn default() -> Self {
        Self { period_days: 30, attendee_chooses: false }
    }
}

/// Where it takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Location {
    /// At an address.
    Address {
        /// The address, as written on the page.
        text: String,
    },
    /// The attendee calls this number.
    CallUs {
        /// The number.
        number: String,
    },
    /// The host calls the attendee, whose number is asked for.
    WeCall {},
    /// A meeting room on the web; `{room}` becomes an unguessable name of the booking's own.
    Link {
        /// Such as `https://meet.example.org/{room}`.
        template: String,
    },
    /// The attendee says where.
    Attendee {},
}

/// A topic offered beside the booking; the box is never ticked beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketingOffer {
    /// What people join.
    #[schema(value_type = String)]
    pub topic: TopicId,
    /// The words beside the box, kept as evidence.
    pub consent_en: String,
    /// The same in Arabic.
    pub consent_ar: String,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// In the currency's smallest unit.
    pub amount: u64,
    /// ISO 4217, such as `SAR`.
    pub currency: String,
    /// Minutes until an unpaid booking is given up, 10 to 1440.
    #[serde(default = "half_an_hour")]
    pub pay_within: u16,
    /// Attendees who cancel so many minutes before the start have their money back; never when null. It always goes
    /// back when the organisation calls off.
    #[serde(default = "till_the_start")]
    pub refund_until: Option<u32>,
}

const fn half_an_hour() -> u16 {
    30
}

#[expect(clippy::unnecessary_wraps, reason = "serde asks for the field's own type")]
const fn till_the_start() -> Option<u32> {
    Some(0)
}

/// What becomes of the copies in hosts' calendars when a booking ends by retention or erasure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarCopies {
    /// They are deleted.
    #[default]
    Delete,
    /// Those of past appointments stay as the host's own record of the time, without anybody's name, address or place.
    KeepTime,
}

/// What can be booked. Lengths are minutes unless they say days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Definition {
    /// The words in English.
    pub en: Texts,
    /// The words in Arabic.
    pub ar: Texts,
    /// How long it takes: 1 to 1440.
    pub duration: u32,
    /// Other lengths that may be chosen.
    pub durations: Vec<u32>,
    /// From one start to the next; the duration when absent.
    pub step: Option<u32>,
    /// The local clock's multiple on which starts begin.
    pub align: Option<u32>,
    /// Kept free before: 0 to 1440.
    pub buffer_before: u32,
    /// Kept free after: 0 to 1440.
    pub buffer_after: u32,
    /// Between booking and start.
    pub min_notice: u32,
    /// The last bookable date is today and so many days, 0 to 730.
    pub rolling_days: Option<u32>,
    /// The first bookable date.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_date: Option<Date>,
    /// The last bookable date.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_date: Option<Date>,
    /// Bookings of a host on one date.
    pub max_per_day: Option<u32>,
    /// Bookings of a host in one week, from Monday.
    pub max_per_week: Option<u32>,
    /// Seats: 1 to 1000.
    pub capacity: u32,
    /// Whether the page says how many seats are left.
    pub show_seats: bool,
    /// Who must be free: `single`, `collective`, `round_robin`.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// The hosts; the order matters for collective meetings.
    pub hosts: Vec<TypeHost>,
    /// How round robin chooses.
    pub assignment: Assignment,
    /// The zone in which bookable dates are counted; the first host's when absent.
    pub timezone: Option<String>,
    /// Of each group one resource must be free.
    #[schema(value_type = Vec<Vec<String>>)]
    pub resources: Vec<Vec<ResourceId>>,
    /// Whether tentative and unanswered calendar events block.
    pub tentative_blocks: bool,
    /// Where it takes place; the attendee chooses when there are several.
    pub locations: Vec<Location>,
    /// Questions beyond name and e-mail address.
    pub questions: Vec<Question>,
    /// How many guests the attendee may bring, 0 to 20.
    pub guests: u32,
    /// Whether a member approves each booking; not together with payment.
    pub approval: bool,
    /// Attendees may cancel until so long before the start; never when absent.
    pub cancel_until: Option<u32>,
    /// Attendees may reschedule until so long before the start; never when absent.
    pub reschedule_until: Option<u32>,
    /// How long a slot is held while somebody fills in the form, 1 to 60.
    pub hold_minutes: u32,
    /// When reminders go out before the start; at most five.
    pub reminders: Vec<u32>,
    /// When reminders by SMS go out before the start, to those who gave a number; at most three.
    pub sms_reminders: Vec<u32>,
    /// When the follow-up goes out after the end; none when absent.
    pub follow_up: Option<u32>,
    /// Days after the appointment after which the booking is erased, 1 to 3650; the workspace's class when absent.
    pub retention_days: Option<u32>,
    /// What becomes of copies in hosts' calendars then.
    pub calendar_copies: CalendarCopies,
    /// The version of the privacy notice shown.
    #[schema(value_type = Option<String>)]
    pub notice: Option<NoticeId>,
    /// A topic offered beside the booking.
    pub marketing: Option<MarketingOffer>,
    /// What it costs.
    pub payment: Option<Payment>,
    /// Where the page leads afterwards, https only.
    pub redirect: Option<String>,
    /// Whether dates are also shown in the Hijri calendar (Umm al-Qura).
    pub hijri: bool,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            en: Texts::default(),
            ar: Texts::default(),
            duration: 30,
            durations: Vec::new(),
            step: None,
            align: None,
            buffer_before: 0,
            buffer_after: 0,
            min_notice: 60,
            rolling_days: Some(60),
            first_date: None,
            last_date: None,
            max_per_day: None,
            max_per_week: None,
            capacity: 1,
            show_seats: false,
            mode: Mode::Single,
            hosts: Vec::new(),
            assignment: Assignment::default(),
            timezone: None,
            resources: Vec::new(),
            tentative_blocks: true,
            locations: Vec::new(),
            questions: Vec::new(),
            guests: 0,
            approval: false,
            cancel_until: Some(0),
            reschedule_until: Some(0),
            hold_minutes: 10,
            reminders: vec![1440],
            sms_reminders: Vec::new(),
            follow_up: None,
            retention_days: None,
            calendar_copies: CalendarCopies::Delete,
            notice: None,
            marketing: None,
            payment: None,
            redirect: None,
            hijri: false,
        }
    }
}

impl Definition {
    /// The words in a language, or in the other one where there are none.
    pub fn texts(&self, language: &str) -> &Texts {
        let (own, other) = if language.starts_with("ar") { (&self.ar, &self.en) } else { (&self.en, &self.ar) };
        if own.title.trim().is_empty() { other } else { own }
    }

    /// Whether this length may be booked.
    pub fn lasts(&self, minutes: u32) -> bool {
        minutes == self.duration || self.durations.contains(&minutes)
    }
}
