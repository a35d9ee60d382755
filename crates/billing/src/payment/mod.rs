//! Payments through somebody who may hold cards: Barid never sees a card, only an order, the page on which it
//! is paid, and a signed word about what became of it.
//!
//! [`begin`] writes an order down and asks a [`PaymentProvider`] for its page ([`reopen`] finds it again, [`close`]
//! ends it); [`settle`] takes the provider's signed notice, [`check`] asks again when none came; [`refund`] gives the
//! money back. What happened to an
//! order is told on the change feed as `payment.paid`, `payment.failed`, `payment.expired`, `payment.refunded`
//! and `payment.mismatched` (entity: the payment; data: `reference`), so whoever ordered can follow it.

pub mod accounts;
mod book;
pub mod saved;
pub mod stripe;
mod stripe_saved;

use kernel::{PaymentId, Pii, RawId, Timestamp};
use store::BoxFuture;

pub use saved::SavedMethods;

pub use book::{Payment, Settled, begin, check, close, get, of_reference, refund, reopen, settle};

/// The longest description of an order, in characters.
const LONGEST: usize = 200;

/// An amount in the smallest unit of its currency (cents, halalas, yen).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Amount {
    /// How many of the smallest unit.
    pub minor: i64,
    /// ISO 4217, capital letters.
    pub currency: String,
}

impl Amount {
    /// A positive amount.
    ///
    /// # Errors
    /// Nothing or less, more than a thousand million, or no currency.
    pub fn new(minor: i64, currency: &str) -> crate::Result<Self> {
        let wrong = |field, detail| crate::Error::Field { field, detail };
        if !(1..=1_000_000_000).contains(&minor) {
            return Err(wrong("amount", "at least 1 and at most 1000000000 of the smallest unit"));
        }
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(wrong("currency", "three letters (ISO 4217), such as SAR"));
        }
        Ok(Self { minor, currency: currency.to_ascii_uppercase() })
    }
}

/// What somebody is to pay for.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it is for: the slice's own thing, such as a booking.
    pub reference: RawId,
    /// How much.
    pub amount: Amount,
    /// What stands on the page, at most 200 characters.
    pub description: String,
    /// Where the receipt goes.
    pub email: Option<Pii<String>>,
    /// Where the payer goes afterwards.
    pub success_url: String,
    /// Where the payer goes who turns back.
    pub cancel_url: String,
    /// Until when the page takes money.
    pub expires_at: Timestamp,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The page is open.
    Waiting,
    /// The money is there.
    Paid,
    /// The provider refused it.
    Failed,
    /// Nobody paid in time.
    Expired,
    /// It went back.
    Refunded,
    /// Paid, but not what was asked for: a person must look.
    Mismatched,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Paid, Self::Failed, Self::Expired, Self::Refunded, Self::Mismatched];

    /// As written in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Refunded => "refunded",
            Self::Mismatched => "mismatched",
        }
    }

    fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Failed)
    }
}

/// The provider's page for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The provider's name of it.
    pub session: String,
    /// Where the payer pays.
    pub url: String,
}

/// What a provider says about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub payment: PaymentId,
    /// What became of it.
    pub state: PaymentState,
    /// What was paid.
    pub amount: Option<Amount>,
    /// The provider's name of the charge, which a refund names.
    pub charge: Option<String>,
}

/// Somebody who takes money for a workspace.
pub trait PaymentProvider: Send + Sync {
    /// Its name in rows and addresses.
    fn code(&self) -> &'static str;

    /// Opens a page for an order. The payment's id makes a second call open the same page.
    fn checkout<'a>(
        &'a self,
        payment: PaymentId,
        order: &'a Order,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Checkout, Refusal>>;

    /// What became of the page.
    fn look<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<Option<Notice>, Refusal>>;

    /// Where the page of an order is, as long as it takes money.
    fn page<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<Option<String>, Refusal>>;

    /// Closes a page, so that nobody pays for what is not there any more. A page that is closed or paid is left.
    fn close<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Gives a charge back, whole. The payment's id makes a second call do nothing.
    fn refund<'a>(&'a self, payment: PaymentId, charge: &'a str) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Reads a signed call. `None`: signed, but about something else.
    ///
    /// # Errors
    /// A signature that is wrong or too old, or a body that cannot be read.
    fn notice(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<Notice>, Refusal>;
}

/// Why a provider did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It cannot be reached now.
    #[error("the payment provider cannot be reached; try again later")]
    Unreachable,
    /// It does not accept the key.
    #[error("the payment provider does not accept this key; connect the account again")]
    Key,
    /// It says no.
    #[error("the payment provider refuses: {0}")]
    Refused(String),
    /// It answered something that cannot be read.
    #[error("the payment provider's answer cannot be read")]
    Unreadable,
    /// The money went back already.
    #[error("the money went back already")]
    Already,
    /// It has no such thing (any more).
    #[error("the payment provider knows nothing of it")]
    Gone,
    /// Not signed by the provider, or too long ago.
    #[error("the signature is not the provider's, or older than five minutes")]
    Signature,
}
