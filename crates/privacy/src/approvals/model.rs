use kernel::{ApprovalId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rules::Country;
use crate::vocabulary::{Channel, vocabulary};
use crate::{Error, Result};

/// The longest goal and the longest sample, in characters.
const TEXT: usize = 4000;
/// The most samples, and the most documents.
const PIECES: usize = 20;
/// The longest name of a document and the longest reference, in characters.
const NAME: usize = 200;

vocabulary! {
    /// How far an approval got.
    State as "state of an approval" {
        /// Being prepared.
        Draft = "draft",
        /// Filed, not answered.
        Submitted = "submitted",
        /// Granted; messages may go until it expires.
        Approved = "approved",
        /// Refused, or taken back.
        Rejected = "rejected",
        /// Its time ran out.
        Expired = "expired",
    }
}

/// What is filed: which messages go where, by which channel, to what end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The country.
    pub country: Country,
    /// The channel.
    pub channel: Channel,
    /// What is said about it.
    pub filing: Filing,
}

/// The words of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// What the messages are for and who gets them.
    pub goal: String,
    /// Messages as they will be sent, without anybody's data.
    pub samples: Vec<String>,
    /// Names of the documents that were handed in.
    #[serde(default)]
    pub documents: Vec<String>,
}

impl Filing {
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |field, detail| Err(Error::Invalid { field, detail });
        let fits = |text: &String, longest| !text.trim().is_empty() && text.chars().count() <= longest;
        if !fits(&self.goal, TEXT) {
            return wrong("goal", "say what the messages are for, in 1 to 4000 characters");
        }
        if self.samples.is_empty() || self.samples.len() > PIECES || !self.samples.iter().all(|text| fits(text, TEXT)) {
            return wrong("samples", "1 to 20 sample messages of 1 to 4000 characters");
        }
        if self.documents.len() > PIECES || !self.documents.iter().all(|text| fits(text, NAME)) {
            return wrong("documents", "at most 20 names of 1 to 200 characters");
        }
        Ok(())
    }
}

/// What the authority or the carrier answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Their reference: a campaign id, a file number.
    pub reference: Option<String>,
    /// When they answered, or when it was filed; now when absent.
    pub at: Option<Timestamp>,
    /// The first instant at which a granted approval no longer holds; without end when absent.
    pub expires_at: Option<Timestamp>,
}

impl Answer {
    pub(super) fn at(&self, now: Timestamp) -> Result<Timestamp> {
        if self.reference.as_ref().is_some_and(|text| text.trim().is_empty() || text.chars().count() > NAME) {
            return Err(Error::Invalid { field: "reference", detail: "1 to 200 characters" });
        }
        match self.at {
            Some(at) if at > now => Err(Error::Invalid { field: "at", detail: "lies in the future" }),
            at => Ok(at.unwrap_or(now)),
        }
    }
}

/// An approval of sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendingApproval {
    /// Its id.
    pub id: ApprovalId,
    /// Counts changes.
    pub version: i64,
    /// How far it got.
    pub state: State,
    /// ISO 3166, two letters.
    pub country: String,
    /// The channel.
    pub channel: Channel,
    /// What was filed.
    #[serde(flatten)]
    pub filing: Filing,
    /// The reference of whoever decides.
    pub reference: Option<String>,
    /// When it was filed.
    pub submitted_at: Option<Timestamp>,
    /// When it was answered.
    pub decided_at: Option<Timestamp>,
    /// The first instant at which it no longer holds.
    pub expires_at: Option<Timestamp>,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl SendingApproval {
    /// Whether messages may rest on it now.
    pub fn is_granted(&self, now: Timestamp) -> bool {
        self.state == State::Approved && self.expires_at.is_none_or(|end| now < end)
    }
}

store::row! {
    /// A row as stored.
    pub(super) struct ApprovalRow {
        pub(super) id: ApprovalId,
        pub(super) version: i64,
        pub(super) state: String,
        pub(super) country: String,
        pub(super) channel: String,
        pub(super) body: String,
        pub(super) reference: Option<String>,
        pub(super) submitted_at: Option<Timestamp>,
        pub(super) decided_at: Option<Timestamp>,
        pub(super) expires_at: Option<Timestamp>,
        pub(super) created_by: String,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}

impl ApprovalRow {
    pub(super) fn read(self) -> Result<SendingApproval> {
        let corrupt = || Error::Corrupt("approval");
        Ok(SendingApproval {
            id: self.id,
            version: self.version,
            state: self.state.parse().map_err(|_| corrupt())?,
            country: self.country,
            channel: self.channel.parse().map_err(|_| corrupt())?,
            filing: serde_json::from_str(&self.body).map_err(|_| corrupt())?,
            reference: self.reference,
            submitted_at: self.submitted_at,
            decided_at: self.decided_at,
            expires_at: self.expires_at,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
