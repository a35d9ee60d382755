use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;
use crate::{Result, entry};

vocabulary! {
    /// What happened.
    Kind as "kind of incident" {
        /// Data were destroyed, lost, altered, disclosed or accessed without leave (Art. 4(12)).
        Breach = "breach",
        /// A weakness that could expose data; nobody is known to have used it.
        ExposureRisk = "exposure_risk",
    }
}

vocabulary! {
    /// Who is told of an incident.
    Audience as "audience" {
        /// The users of the service: the members of the workspace.
        Customers = "customers",
        /// The supervisory authority (Art. 33).
        Authority = "authority",
        /// The people concerned (Art. 34).
        Subjects = "subjects",
    }
}

vocabulary! {
    /// How likely and how grave the consequences for people are.
    RiskLevel as "risk" {
        /// Unlikely to result in a risk: nobody has to be told (Art. 33(1)).
        Unlikely = "unlikely",
        /// A risk: the authority is told.
        Risk = "risk",
        /// A high risk: the people concerned are told too (Art. 34(1)).
        High = "high",
    }
}

/// The assessment of the consequences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// The result.
    pub level: RiskLevel,
    /// Why: the likely consequences (Art. 33(3)(c)).
    pub reasoning: String,
}

/// What is known of an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// A short title.
    pub title: String,
    /// What happened, as far as it is known (Art. 33(3)(a)).
    pub description: String,
    /// How it came to pass.
    pub cause: String,
    /// Categories of people concerned.
    pub subject_categories: Vec<String>,
    /// Categories of data concerned.
    pub data_categories: Vec<String>,
    /// About how many people.
    pub subjects: Option<u64>,
    /// About how many records.
    pub records: Option<u64>,
    /// The assessment; while there is none, the workspace's own clock runs.
    pub risk: Option<Risk>,
    /// What was done and is being done (Art. 33(3)(d)).
    pub measures: Vec<String>,
    /// What people can do themselves.
    pub advice: String,
    /// What was learned; written when the incident is closed.
    pub report: String,
}

impl Details {
    pub(super) fn checked(mut self) -> Result<Self> {
        self.title = entry::needed_line("title", &self.title)?;
        self.description = entry::text("description", &self.description)?;
        self.cause = entry::text("cause", &self.cause)?;
        self.subject_categories = entry::lines("subject_categories", &self.subject_categories, 40)?;
        self.data_categories = entry::lines("data_categories", &self.data_categories, 40)?;
        self.measures = entry::lines("measures", &self.measures, 100)?;
        self.advice = entry::text("advice", &self.advice)?;
        self.report = entry::text("report", &self.report)?;
        if let Some(risk) = &mut self.risk {
            risk.reasoning = entry::text("risk.reasoning", &risk.reasoning)?;
            if risk.reasoning.is_empty() {
                return Err(entry::wrong("risk.reasoning", "say why: the authority asks for the reasoning"));
            }
        }
        Ok(self)
    }
}
