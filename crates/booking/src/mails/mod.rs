//! What is mailed about an appointment: to its attendee, its guests and its hosts. Each message is a service message
//! that passes the gate like everything else, says both parties' local times, and carries the calendar entry where
//! there is one to make, change or remove.
//!
//! Texts are `mail.KIND` of `i18n/{en,ar}/booking.json`. Everything personal is a merge value, so that all mails of
//! a kind share one content version.

mod content;
mod invitation;
mod job;
pub(crate) mod log;
mod said;

pub use job::MailJob;
pub use log::about;
pub(crate) use said::{CALLED_OFF, REMINDER, TOO_LATE, spoken};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It takes place.
    Confirmed,
    /// A member has to approve it.
    Pending,
    /// It has to be paid.
    Unpaid,
    /// It has another time.
    Rescheduled,
    /// It was called off by the attendee.
    Cancelled,
    /// It was called off by the organisation.
    CalledOff,
    /// It was given up because the payment did not come.
    Lapsed,
    /// A member said no.
    Declined,
    /// It comes soon.
    Reminder,
    /// It took place.
    FollowUp,
    /// Somebody brings a guest.
    Guest,
    /// For a host: somebody booked.
    HostConfirmed,
    /// For a host: somebody asks.
    HostPending,
    /// For a host: it has another time.
    HostRescheduled,
    /// For a host: it was called off.
    HostCancelled,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Confirmed,
        Self::Pending,
        Self::Unpaid,
        Self::Rescheduled,
        Self::Cancelled,
        Self::CalledOff,
        Self::Lapsed,
        Self::Declined,
        Self::Reminder,
        Self::FollowUp,
        Self::Guest,
        Self::HostConfirmed,
        Self::HostPending,
        Self::HostRescheduled,
        Self::HostCancelled,
    ];

    /// Where its texts are.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Confirmed => "mail.confirmed",
            Self::Pending => "mail.pending",
            Self::Unpaid => "mail.unpaid",
            Self::Rescheduled => "mail.rescheduled",
            Self::Cancelled => "mail.cancelled",
            Self::CalledOff => "mail.called_off",
            Self::Lapsed => "mail.lapsed",
            Self::Declined => "mail.declined",
            Self::Reminder => "mail.reminder",
            Self::FollowUp => "mail.follow_up",
            Self::Guest => "mail.guest",
            Self::HostConfirmed => "mail.host_confirmed",
            Self::HostPending => "mail.host_pending",
            Self::HostRescheduled => "mail.host_rescheduled",
            Self::HostCancelled => "mail.host_cancelled",
        }
    }

    /// Whether the booking stands afterwards, so that it can be seen, moved and called off.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Confirmed | Self::Pending | Self::Unpaid | Self::Rescheduled | Self::Reminder)
    }

    /// Whether it goes to somebody who receives the attendee.
    pub const fn is_for_hosts(self) -> bool {
        matches!(self, Self::HostConfirmed | Self::HostPending | Self::HostRescheduled | Self::HostCancelled)
    }
}
