//! Paying for the balance: on a provider's page, and by itself from a saved payment method.
//!
//! The money goes to whoever runs this server, at one provider for all workspaces: the wiring fills [`Tills`].
//! Everything that is to be paid is a [`Recharge`]: made before the provider is asked, moved by guarded statements, and
//! credited in the commit that marks it paid, so that neither a crash nor two words at once credit twice.
//!
//! Two things rest on a member's agreement in the ledger ([`privacy::agreements`]): that the provider keeps a method
//! ([`method`]), and that money is taken from it when the balance falls ([`setting`]). Rows only point at agreements.
//! [`agreed::check`] asks the ledger before money moves, so that a flag which somebody forged in a table moves nothing.
//!
//! [`RechargeJob`] does what happens outside requests: looks when the balance fell below the floor, charges, waits for a
//! person's confirmation, asks about notices that never came, and repeats deletions that failed.

pub mod agreed;
mod automatic;
mod book;
mod drive;
mod job;
mod links;
pub mod method;
mod money;
mod pages;
pub mod setting;
mod tills;
mod words;

use kernel::{ContactId, EventId, PaymentId, Timestamp};

pub use agreed::Consent;
pub use book::{get, list};
pub use drive::{cancel, look};
pub use job::{NOTICE_QUEUE, QUEUE, RechargeJob};
pub use links::{link, read as read_link};
pub use money::{amount_of, micros_of};
pub use pages::open;
pub use tills::{NONE as NO_TILL, Standing, Till, Tills, heard};
pub use words::{Agreeing, VERSION, words};

pub(crate) use job::look_soon;

use crate::Micros;

/// Whether a person pays, or a saved method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person, on the provider's page.
    Page,
    /// A saved method, because the balance fell.
    Auto,
}

impl Kind {
    /// As written in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Auto => "auto",
        }
    }
}

/// What became of a recharge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The page is open.
    Waiting,
    /// The method is being charged.
    Charging,
    /// The bank wants a person to confirm it.
    NeedsAction,
    /// The money is there, and on the balance.
    Paid,
    /// The bank or the provider said no.
    Failed,
    /// Called off, or not confirmed in time.
    Cancelled,
    /// Nobody paid in time.
    Expired,
    /// Nothing was asked of the provider: no agreement covers it.
    Refused,
    /// Paid, but not what was asked for: a person must look.
    Mismatched,
    /// It went back; the balance shrank again.
    Refunded,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Waiting,
        Self::Charging,
        Self::NeedsAction,
        Self::Paid,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
        Self::Refused,
        Self::Mismatched,
        Self::Refunded,
    ];

    /// As written in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Charging => "charging",
            Self::NeedsAction => "needs_action",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Mismatched => "mismatched",
            Self::Refunded => "refunded",
        }
    }

    pub(crate) fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Failed)
    }

    /// Whether something may still become of it by itself.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Charging | Self::NeedsAction)
    }

    /// What it may turn into. Money that comes late counts.
    pub(crate) const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Waiting => {
                matches!(next, Self::Paid | Self::Mismatched | Self::Failed | Self::Expired | Self::Cancelled)
            }
            Self::Charging => {
                matches!(next, Self::Paid | Self::Mismatched | Self::Failed | Self::Cancelled | Self::NeedsAction)
            }
            Self::NeedsAction => matches!(next, Self::Paid | Self::Mismatched | Self::Failed | Self::Cancelled),
            Self::Failed | Self::Expired | Self::Cancelled => matches!(next, Self::Paid | Self::Mismatched),
            Self::Paid | Self::Mismatched => matches!(next, Self::Refunded),
            Self::Refused | Self::Refunded => false,
        }
    }
}

/// Money for the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recharge {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    pub kind: Kind,
    /// What became of it.
    pub state: State,
    /// How much.
    pub amount: Micros,
    /// In which currency (ISO 4217).
    pub currency: String,
    /// Who asked for it: a member, a key, or `system`.
    pub by: String,
    /// The agreement that an automatic one rests on.
    pub consent: Option<Consent>,
    /// Why it is where it is: a code.
    pub reason: Option<String>,
    /// Where a person confirms it, while that is wanted.
    pub page: Option<String>,
    /// Until when somebody has to act.
    pub act_by: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    pub(crate) subject: Option<ContactId>,
    pub(crate) event: Option<EventId>,
    pub(crate) session: Option<String>,
    pub(crate) attempts: u32,
}
