//! Assessments of legitimate interest.

mod approve;
mod create;
mod end;
mod list;
mod read;
mod renew;
mod update;
mod versions;

use privacy::assessments::{Draft, Period};
use privacy::vocabulary::Purpose;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("assessments": list, create, read, update, approve, renew, end, versions)
}

/// An assessment.
#[derive(Serialize, ToSchema)]
pub(super) struct Assessment {
    /// Its id, which claims cite.
    id: String,
    /// Counts changes.
    version: i64,
    /// `draft`, `live` or `ended`. A live one holds until it expires.
    state: String,
    /// What it is called.
    name: String,
    /// The purpose it weighs.
    purpose: String,
    /// Which interest, and why nothing milder serves it.
    necessity: String,
    /// Why people's rights do not override it.
    balancing: String,
    /// What protects them.
    safeguards: String,
    /// Categories of those who receive the data.
    recipients: Vec<String>,
    /// Categories of data.
    data: Vec<String>,
    /// Who approved it.
    reviewer: Option<String>,
    /// From when it holds.
    #[schema(format = DateTime)]
    start: Option<String>,
    /// The first instant at which it no longer holds.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When it was ended before its time.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Who began it.
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What an assessment said at some time.
#[derive(Serialize, ToSchema)]
pub(super) struct AssessmentVersion {
    /// Which version.
    version: i64,
    name: String,
    purpose: String,
    necessity: String,
    balancing: String,
    safeguards: String,
    recipients: Vec<String>,
    data: Vec<String>,
    /// Who had approved it.
    reviewer: Option<String>,
    #[schema(format = DateTime)]
    start: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Who made this version.
    actor: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// The text of an assessment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessmentText {
    /// What it is called.
    name: String,
    /// The purpose it weighs.
    #[schema(value_type = String)]
    purpose: Purpose,
    /// Which interest, and why nothing milder serves it. Needed for approval, like the next three.
    #[serde(default)]
    necessity: String,
    /// Why people's rights do not override it.
    #[serde(default)]
    balancing: String,
    /// What protects them.
    #[serde(default)]
    safeguards: String,
    /// Categories of those who receive the data.
    #[serde(default)]
    recipients: Vec<String>,
    /// Categories of data.
    #[serde(default)]
    data: Vec<String>,
}

impl From<AssessmentText> for Draft {
    fn from(text: AssessmentText) -> Self {
        let AssessmentText { name, purpose, necessity, balancing, safeguards, recipients, data } = text;
        Self { name, purpose, necessity, balancing, safeguards, recipients, data }
    }
}

/// An approval, and for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessmentPeriod {
    /// The version that was read.
    version: i64,
    /// From when it holds; now when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Timestamp>,
    /// Until when; twelve months after the start at most, and when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl AssessmentPeriod {
    fn period(&self) -> Period {
        Period { start: self.start, expires_at: self.expires_at }
    }
}
