use kernel::{AssessmentId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Purpose, vocabulary};
use crate::{Error, Result};

/// The longest name of a thing, in characters.
const NAME: usize = 200;
/// The longest text of an assessment, in characters.
const TEXT: usize = 20_000;
/// The most categories of one kind.
const CATEGORIES: usize = 100;

vocabulary! {
    /// How far an assessment got.
    State as "state of an assessment" {
        /// Being written; nothing may rest on it.
        Draft = "draft",
        /// Approved; claims may rest on it until it expires.
        Live = "live",
        /// Ended before its time; what rested on it no longer does.
        Ended = "ended",
    }
}

/// What an assessment says (GDPR Art. 6(1)(f): purpose, necessity and balancing test).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What it is called.
    pub name: String,
    /// The purpose it weighs.
    pub purpose: Purpose,
    /// Which interest is pursued, and why nothing milder serves it.
    #[serde(default)]
    pub necessity: String,
    /// Why the interests, rights and freedoms of the people concerned do not override it.
    #[serde(default)]
    pub balancing: String,
    /// What is done to protect them.
    #[serde(default)]
    pub safeguards: String,
    /// Categories of those who receive the data.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Categories of data.
    #[serde(default)]
    pub data: Vec<String>,
}

impl Draft {
    /// Whether it can be stored; a draft may have gaps.
    pub(super) fn check(&self) -> Result<()> {
        let long = |field, detail| Err(Error::Invalid { field, detail });
        if self.name.trim().is_empty() || self.name.chars().count() > NAME {
            return long("name", "1 to 200 characters");
        }
        for (field, text) in
            [("necessity", &self.necessity), ("balancing", &self.balancing), ("safeguards", &self.safeguards)]
        {
            if text.chars().count() > TEXT {
                return long(field, "at most 20000 characters");
            }
        }
        for (field, list) in [("recipients", &self.recipients), ("data", &self.data)] {
            let wrong = |text: &String| text.trim().is_empty() || text.chars().count() > NAME;
            if list.len() > CATEGORIES || list.iter().any(wrong) {
                return long(field, "at most 100 categories of 1 to 200 characters");
            }
        }
        Ok(())
    }

    /// Whether it says everything that an approval needs.
    pub(super) fn complete(&self) -> Result<()> {
        let gap = |field: &'static str, empty: bool| if empty { Err(field) } else { Ok(()) };
        gap("necessity", self.necessity.trim().is_empty())
            .and_then(|()| gap("balancing", self.balancing.trim().is_empty()))
            .and_then(|()| gap("safeguards", self.safeguards.trim().is_empty()))
            .and_then(|()| gap("data", self.data.is_empty()))
            .map_err(|field| Error::Invalid {
                field,
                detail: "an assessment is approved only when this is written down",
            })
    }
}

/// From when to when an assessment holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Period {
    /// From; now when absent.
    pub start: Option<Timestamp>,
    /// The first instant at which it no longer holds; the longest the rule pack allows when absent.
    pub expires_at: Option<Timestamp>,
}

/// An assessment as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Its id, which claims cite.
    pub id: AssessmentId,
    /// Counts changes.
    pub version: i64,
    /// How far it got.
    pub state: State,
    /// What it says.
    #[serde(flatten)]
    pub text: Draft,
    /// Who approved it.
    pub reviewer: Option<String>,
    /// From when it holds.
    pub start: Option<Timestamp>,
    /// The first instant at which it no longer holds.
    pub expires_at: Option<Timestamp>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Assessment {
    /// Whether a claim may rest on it now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == State::Live
            && self.start.is_some_and(|start| start <= now)
            && self.expires_at.is_some_and(|end| now < end)
    }
}

/// What an assessment said at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Which.
    pub version: i64,
    /// What it said.
    #[serde(flatten)]
    pub text: Draft,
    /// Who had approved it.
    pub reviewer: Option<String>,
    /// From when it held.
    pub start: Option<Timestamp>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// Who made this version.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

store::row! {
    /// A row as stored.
    pub(super) struct AssessmentRow {
        pub(super) id: AssessmentId,
        pub(super) version: i64,
        pub(super) state: String,
        pub(super) purpose: String,
        pub(super) body: String,
        pub(super) reviewer: Option<String>,
        pub(super) start: Option<Timestamp>,
        pub(super) expires_at: Option<Timestamp>,
        pub(super) ended_at: Option<Timestamp>,
        pub(super) created_by: String,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}

fn corrupt() -> Error {
    Error::Corrupt("assessment")
}

fn text(body: &str) -> Result<Draft> {
    serde_json::from_str(body).map_err(|_| corrupt())
}

impl AssessmentRow {
    pub(super) fn read(self) -> Result<Assessment> {
        let text = text(&self.body)?;
        if text.purpose.as_str() != self.purpose {
            return Err(corrupt());
        }
        Ok(Assessment {
            id: self.id,
            version: self.version,
            state: self.state.parse().map_err(|_| corrupt())?,
            text,
            reviewer: self.reviewer,
            start: self.start,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

store::row! {
    /// A version as stored.
    pub(super) struct VersionRow {
        pub(super) version: i64,
        pub(super) purpose: String,
        pub(super) body: String,
        pub(super) reviewer: Option<String>,
        pub(super) start: Option<Timestamp>,
        pub(super) expires_at: Option<Timestamp>,
        pub(super) actor: String,
        pub(super) at: Timestamp,
    }
}

impl VersionRow {
    pub(super) fn read(self) -> Result<Version> {
        Ok(Version {
            version: self.version,
            text: text(&self.body)?,
            reviewer: self.reviewer,
            start: self.start,
            expires_at: self.expires_at,
            actor: self.actor,
            at: self.at,
        })
    }
}
