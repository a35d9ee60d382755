//! What each lawful basis needs of a file before a row of it is stored, and the claim a row makes.

use std::str::FromStr;

use kernel::{Code, Date, Problem, Timestamp};
use privacy::provenance::Page;
use privacy::vocabulary::BasisKind;

use super::header::{Column, Header};
use super::row::Evidence;

/// The basis under which a file's people are written to (`--basis`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Consent, given once.
    Consent,
    /// Consent, confirmed by the person (double opt-in).
    ConsentDoi,
    /// A sale of own similar goods (ePrivacy Art. 13(2)).
    SoftOptIn,
    /// Legitimate interest under an assessment (GDPR Art. 6(1)(f)).
    LegitimateInterest,
    /// A contract with the person: service messages, no marketing.
    Contract,
}

impl Basis {
    /// The code, as `--basis` takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::ConsentDoi => "consent_doi",
            Self::SoftOptIn => "soft_opt_in",
            Self::LegitimateInterest => "legitimate_interest",
            Self::Contract => "contract",
        }
    }

    /// The basis as claims state it.
    pub const fn kind(self) -> BasisKind {
        match self {
            Self::Consent | Self::ConsentDoi => BasisKind::Consent,
            Self::SoftOptIn => BasisKind::SoftOptIn,
            Self::LegitimateInterest => BasisKind::LegitimateInterest,
            Self::Contract => BasisKind::Contract,
        }
    }

    /// What the basis needs, in words, each with the flag or column that supplies it.
    pub const fn needs(self) -> &'static [Need] {
        match self {
            Self::Consent | Self::Contract => &[],
            Self::ConsentDoi => &[Need::ConfirmedAt],
            Self::SoftOptIn => &[Need::SaleDate],
            Self::LegitimateInterest => &[Need::Assessment, Need::Reason],
        }
    }
}

impl FromStr for Basis {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        [Self::Consent, Self::ConsentDoi, Self::SoftOptIn, Self::LegitimateInterest, Self::Contract]
            .into_iter()
            .find(|basis| basis.as_str() == text)
            .ok_or_else(|| {
                Problem::field("basis", "use consent, consent_doi, soft_opt_in, legitimate_interest or contract")
            })
    }
}

/// One thing a basis needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// When each person confirmed.
    ConfirmedAt,
    /// When the sale took place.
    SaleDate,
    /// The assessment.
    Assessment,
    /// An assessment that is on record, approved, and holds now.
    LiveAssessment,
    /// Why these people.
    Reason,
}

impl Need {
    /// What is needed and how to give it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::ConfirmedAt => "a column \"confirmed at\" (when each person confirmed the double opt-in)",
            Self::SaleDate => "the sale date: a column \"sale date\" or --sale-date DATE",
            Self::Assessment => "an assessment id: a column \"assessment id\" or --assessment ID",
            Self::LiveAssessment => "an assessment that is on record for this purpose, approved and not expired",
            Self::Reason => "a reason: a column \"reason\" or --reason TEXT",
        }
    }
}

/// What the caller says about the whole file. A value of the row goes before it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// Under which basis its people are written to.
    pub basis: Basis,
    /// Where the data come from, in words (`--source`).
    pub source: String,
    /// The day they were collected (`--collected-on`).
    pub collected_on: Date,
    /// The sale, when one day holds for all.
    #[serde(default)]
    pub sale_date: Option<Date>,
    /// The assessment.
    #[serde(default)]
    pub assessment: Option<String>,
    /// Why these people.
    #[serde(default)]
    pub reason: Option<String>,
    /// The page the whole file was read from.
    #[serde(default, skip_serializing_if = "Page::is_empty")]
    pub page: Page,
    /// The general picture that these people fit, when nobody was chosen for a reason of their own. Whoever asks
    /// is told just that.
    #[serde(default)]
    pub profile: Option<String>,
}

impl Origin {
    /// Whether file and flags together have what the basis needs; the problem lists all that is
    /// missing, not only the first.
    pub fn check(&self, header: &Header, today: Date) -> Result<(), Problem> {
        if self.source.trim().is_empty() {
            return Err(Problem::field("source", "say where these data come from, for example \"web shop 2026\""));
        }
        if self.source.chars().count() > super::values::MAX_LINE {
            return Err(Problem::field("source", "at most 200 characters"));
        }
        if self.collected_on > today {
            return Err(Problem::field("collected_on", "the day of collection lies in the future"));
        }
        let has = |need: &&Need| match need {
            Need::ConfirmedAt => header.has(Column::ConfirmedAt),
            Need::SaleDate => self.sale_date.is_some() || header.has(Column::SaleDate),
            Need::Assessment | Need::LiveAssessment => {
                filled(self.assessment.as_ref()) || header.has(Column::Assessment)
            }
            Need::Reason => filled(self.reason.as_ref()) || filled(self.profile.as_ref()) || header.has(Column::Reason),
        };
        let missing: Vec<&str> =
            self.basis.needs().iter().filter(|need| !has(need)).map(|need| need.advice()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail = format!("the basis {} needs {}", self.basis.as_str(), missing.join(", and "));
        Err(Problem::new(Code::EvidenceMissing, detail))
    }

    /// The first moment of the day of collection, UTC.
    pub fn collected_at(&self) -> Timestamp {
        day_start(self.collected_on)
    }

    /// The first moment of the day on which a row was collected: its own, or the file's.
    pub fn collected(&self, evidence: &Evidence) -> Timestamp {
        evidence.page.read_on.map_or_else(|| self.collected_at(), day_start)
    }

    /// The claim a row makes, or what it lacks. A row without it is imported and not mailable.
    pub fn claim(&self, evidence: &Evidence) -> Result<Claim, Need> {
        let collected = self.collected(evidence);
        let claim =
            |at| Claim { basis: self.basis, at, confirmed_at: None, assessment: None, reason: None, profile: None };
        match self.basis {
            Basis::Consent => {
                let at = evidence.consent_at.unwrap_or(collected);
                Ok(Claim { confirmed_at: evidence.confirmed_at, ..claim(at) })
            }
            Basis::ConsentDoi => {
                let confirmed = evidence.confirmed_at.ok_or(Need::ConfirmedAt)?;
                let at = evidence.consent_at.unwrap_or(collected.min(confirmed));
                Ok(Claim { confirmed_at: Some(confirmed), ..claim(at) })
            }
            Basis::SoftOptIn => {
                let at = evidence.sale_at.or(self.sale_date.map(day_start)).ok_or(Need::SaleDate)?;
                Ok(claim(at))
            }
            Basis::LegitimateInterest => {
                let given = |row: &Option<String>, all: &Option<String>, need| {
                    row.clone().or_else(|| all.clone()).filter(|text| !text.trim().is_empty()).ok_or(need)
                };
                let assessment = given(&evidence.assessment, &self.assessment, Need::Assessment)?;
                let own = given(&evidence.reason, &self.reason, Need::Reason);
                let profile = self.profile.clone().filter(|text| own.is_err() && !text.trim().is_empty());
                let reason = own.or_else(|need| profile.clone().ok_or(need))?;
                Ok(Claim { assessment: Some(assessment), reason: Some(reason), profile, ..claim(collected) })
            }
            Basis::Contract => Ok(claim(collected)),
        }
    }
}

fn filled(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The first moment of a day, UTC.
pub fn day_start(day: Date) -> Timestamp {
    day.to_zoned(jiff::tz::TimeZone::UTC).map(|at| at.timestamp().into()).unwrap_or_default()
}

/// A row's claim to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The basis.
    pub basis: Basis,
    /// Since when: consent, sale or collection.
    pub at: Timestamp,
    /// When the person confirmed, if they did.
    pub confirmed_at: Option<Timestamp>,
    /// The assessment.
    pub assessment: Option<String>,
    /// Why this person.
    pub reason: Option<String>,
    /// The general picture that the person fits, when there is no reason of their own.
    pub profile: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::super::records::{Record, Records};
    use super::*;

    fn header(line: &str) -> Header {
        let mut record = Record::default();
        Records::new(line.as_bytes(), b',').next(&mut record).unwrap();
        Header::read(&record, &[]).unwrap()
    }

    #[test]
    fn a_general_picture_stands_in_for_a_reason() {
        let general = Origin {
            assessment: Some("lia_1".into()),
            profile: Some("mid-size shippers".into()),
            ..origin(Basis::LegitimateInterest)
        };
        let said = |own: Option<&str>| {
            let evidence = Evidence { reason: own.map(str::to_owned), ..Evidence::default() };
            let claim = general.claim(&evidence).unwrap();
            (claim.reason.unwrap(), claim.profile)
        };
        assert_eq!(said(None), ("mid-size shippers".to_owned(), Some("mid-size shippers".to_owned())));
        assert_eq!(said(Some("exhibits in Hamburg")), ("exhibits in Hamburg".to_owned(), None));
    }

    fn origin(basis: Basis) -> Origin {
        let collected_on = "2026-01-31".parse().unwrap();
        Origin {
            basis,
            source: "shop".into(),
            collected_on,
            sale_date: None,
            assessment: None,
            reason: None,
            profile: None,
            page: Page::default(),
        }
    }

    #[test]
    fn each_basis_lists_everything_it_lacks() {
        let today: Date = "2026-02-01".parse().unwrap();
        let bare = header("email,first name");
        assert_eq!(origin(Basis::Consent).check(&bare, today), Ok(()));
        assert_eq!(origin(Basis::Contract).check(&bare, today), Ok(()));
        let lacks = |basis| origin(basis).check(&bare, today).unwrap_err();
        assert_eq!(lacks(Basis::ConsentDoi).code, Code::EvidenceMissing);
        assert!(lacks(Basis::ConsentDoi).detail.contains("confirmed at"));
        assert!(lacks(Basis::SoftOptIn).detail.contains("sale date"));
        let interest = lacks(Basis::LegitimateInterest).detail;
        assert!(interest.contains("assessment id") && interest.contains("reason"), "{interest}");
        let flags = Origin {
            assessment: Some("LIA-7".into()),
            reason: Some("role".into()),
            ..origin(Basis::LegitimateInterest)
        };
        assert_eq!(flags.check(&bare, today), Ok(()));
        assert_eq!(origin(Basis::ConsentDoi).check(&header("email,Confirmed At"), today), Ok(()));
        assert!(origin(Basis::Consent).check(&bare, "2026-01-30".parse().unwrap()).is_err());
    }

    #[test]
    fn a_row_that_lacks_its_evidence_makes_no_claim() {
        let evidence = Evidence::default();
        assert_eq!(origin(Basis::ConsentDoi).claim(&evidence), Err(Need::ConfirmedAt));
        assert_eq!(origin(Basis::SoftOptIn).claim(&evidence), Err(Need::SaleDate));
        let consent = origin(Basis::Consent).claim(&evidence).unwrap();
        assert_eq!(consent.at.to_string(), "2026-01-31T00:00:00Z");
    }

    #[test]
    fn unknown_bases_are_told_the_known_ones() {
        assert!("opt-in".parse::<Basis>().unwrap_err().detail.contains("consent_doi"));
        assert_eq!("soft_opt_in".parse::<Basis>(), Ok(Basis::SoftOptIn));
    }
}
