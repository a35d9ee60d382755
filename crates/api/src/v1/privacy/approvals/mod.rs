//! Approvals of sending that countries ask for.

mod approve;
mod create;
mod list;
mod read;
mod reject;
mod submit;
mod update;

use privacy::approvals::{Answer, Draft, Filing};
use privacy::rules::Country;
use privacy::vocabulary::Channel;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("approvals": list, create, read, update, submit, approve, reject)
}

/// An approval of sending.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingApproval {
    id: String,
    /// Counts changes.
    version: i64,
    /// `draft`, `submitted`, `approved`, `rejected` or `expired`.
    state: String,
    /// ISO 3166.
    country: String,
    channel: String,
    /// What the messages are for.
    goal: String,
    /// Messages as they will be sent.
    samples: Vec<String>,
    /// Names of the documents handed in.
    documents: Vec<String>,
    /// The reference of whoever decides.
    reference: Option<String>,
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// The first instant at which it no longer holds.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What is to be filed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalDraft {
    /// ISO 3166, two letters.
    #[schema(value_type = String)]
    country: Country,
    /// `sms`, `voice`, or another channel for which the workspace wants approvals.
    #[schema(value_type = String)]
    channel: Channel,
    /// What the messages are for and who gets them.
    goal: String,
    /// Messages as they will be sent, without anybody's data; one at least.
    samples: Vec<String>,
    /// Names of the documents handed in.
    #[serde(default)]
    documents: Vec<String>,
}

impl From<ApprovalDraft> for Draft {
    fn from(draft: ApprovalDraft) -> Self {
        let ApprovalDraft { country, channel, goal, samples, documents } = draft;
        Self { country, channel, filing: Filing { goal, samples, documents } }
    }
}

/// What happened at the authority or the carrier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalAnswer {
    /// The version that was read.
    version: i64,
    /// Their reference.
    reference: Option<String>,
    /// When it happened; now when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Of an approval: until when it holds; without end when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl ApprovalAnswer {
    /// The version that was read, and the answer.
    fn split(self) -> (i64, Answer) {
        (self.version, Answer { reference: self.reference, at: self.at, expires_at: self.expires_at })
    }
}
