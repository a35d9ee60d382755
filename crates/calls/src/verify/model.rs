use kernel::{ContactId, DeliveryId, Timestamp, VerificationId, VerificationServiceId};
use serde::{Deserialize, Serialize};
use store::{Error, FromRow, FromValue, Result, Row, Value};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $number:literal $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant = $number,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Where a verification stands.
    VerificationState {
        /// The code is out.
        Pending = 0 "pending",
        /// The right code came back.
        Verified = 1 "verified",
        /// Too many wrong codes came back.
        Failed = 2 "failed",
        /// Nobody used the code in time.
        Expired = 3 "expired",
        /// Taken back, or another one took its place.
        Cancelled = 4 "cancelled",
    }
}

words! {
    /// How a code reaches somebody.
    Way {
        /// A text message.
        Sms = 0 "sms",
        /// A call that speaks it.
        Voice = 1 "voice",
        /// A mail.
        Email = 2 "email",
    }
}

impl From<VerificationState> for Value {
    fn from(state: VerificationState) -> Self {
        Self::Int(state as i64)
    }
}

impl FromValue for VerificationState {
    fn from_value(value: Value) -> Result<Self> {
        let number = i64::from_value(value)?;
        Self::ALL.iter().copied().find(|state| *state as i64 == number).ok_or(Error::Column("verification state"))
    }
}

/// A code that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// By which way.
    pub channel: Way,
    /// When.
    pub at: Timestamp,
    /// The message, where it is one that can be followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<DeliveryId>,
}

/// What a verification was begun with, so that its code can be sent again in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) code_length: u8,
    pub(super) cooldown: u32,
    pub(super) max_sends: u32,
    pub(super) channels: Vec<Way>,
    pub(super) locale: String,
    pub(super) text: String,
    pub(super) organisation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) originator: Option<String>,
}

/// What of a verification is the person's, sealed under their key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Whom {
    /// Number or address.
    pub(super) to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
}

/// A verification as told to members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Its id.
    pub id: VerificationId,
    /// By whose settings; `None` when by the request's own.
    pub service: Option<VerificationServiceId>,
    /// The person; `None` for a moment, until the code left.
    pub contact: Option<ContactId>,
    /// The country of the number; empty for mail.
    pub country: String,
    /// How the code went out last.
    pub channel: Way,
    /// Whether it is a test: nothing left this machine.
    pub trial: bool,
    /// Where it stands.
    pub state: VerificationState,
    /// Why, when that is not plain.
    pub reason: Option<String>,
    /// How many codes came back.
    pub attempts: u32,
    /// How many may.
    pub max_attempts: u32,
    /// Each time the code left.
    pub sent: Vec<Sent>,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when the code is good.
    pub expires_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// The service of verifications that have none.
pub(super) const NO_SERVICE: VerificationServiceId = VerificationServiceId([0; 16]);

/// A row as it stands, with what only this module may see.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) view: Verification,
    pub(super) sends: u32,
    pub(super) sent_at: Timestamp,
    pub(super) terms: Terms,
    pub(super) sealed: Option<Vec<u8>>,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row) -> Result<Self> {
        let json = |_| Error::Column("JSON");
        let view = Verification {
            id: row.take()?,
            service: Some(row.take::<VerificationServiceId>()?).filter(|service| *service != NO_SERVICE),
            contact: row.take()?,
            country: row.take()?,
            channel: Way::named(&row.take::<String>()?).ok_or(Error::Column("channel"))?,
            trial: row.take()?,
            state: row.take()?,
            reason: row.take()?,
            attempts: row.take()?,
            max_attempts: row.take()?,
            sent: serde_json::from_str(&row.take::<String>()?).map_err(json)?,
            created_at: row.take()?,
            expires_at: row.take()?,
            finished_at: row.take()?,
        };
        Ok(Self {
            view,
            sends: row.take()?,
            sent_at: row.take()?,
            terms: serde_json::from_str(&row.take::<String>()?).map_err(json)?,
            sealed: row.take()?,
        })
    }
}

impl std::fmt::Debug for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}
