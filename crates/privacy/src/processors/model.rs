use kernel::{Date, fold};
use serde::{Deserialize, Serialize};

use super::places;
use crate::vocabulary::vocabulary;
use crate::{Result, entry};

vocabulary! {
    /// What a recipient is in law.
    Role as "role" {
        /// Acts on the controller's instructions (Art. 28).
        Processor = "processor",
        /// Decides itself what it does with the data, as payment providers do.
        Controller = "controller",
        /// Only carries what it does not look into, as telephone and mail carriers do.
        Conduit = "conduit",
    }
}

vocabulary! {
    /// What a transfer outside the European Economic Area rests on (GDPR Chapter V). Privacy Shield is not
    /// among them: the Court of Justice annulled it (C-311/18).
    Mechanism as "transfer mechanism" {
        /// Nothing leaves the EEA.
        NoneEea = "none_eea",
        /// An adequacy decision, named in `scheme` (Art. 45).
        Adequacy = "adequacy",
        /// Standard contractual clauses (Art. 46(2)(c)).
        Scc = "scc",
        /// Binding corporate rules (Art. 47).
        Bcr = "bcr",
        /// A derogation for a specific situation, named in `scheme` (Art. 49).
        Derogation = "derogation",
    }
}

/// What is known of a recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// The legal name.
    pub name: String,
    /// What it is in law.
    pub role: Option<Role>,
    /// The place as its agreement puts it.
    pub location: String,
    /// The countries of that place (ISO 3166, two letters); read from the place when left empty.
    pub countries: Vec<String>,
    /// What a transfer outside the EEA rests on.
    pub mechanism: Option<Mechanism>,
    /// Which adequacy decision or derogation.
    pub scheme: Option<String>,
    /// The day of the data processing agreement.
    pub dpa_date: Option<Date>,
    /// What it does.
    pub service: String,
    /// What for: codes of the catalogue of purposes.
    pub purposes: Vec<String>,
    /// Which kinds of data it sees.
    pub data_categories: Vec<String>,
    /// Which of Barid's connectors hand data to it.
    pub connectors: Vec<String>,
    /// In use since that day.
    pub since: Option<Date>,
    /// Where people can read more.
    pub website: Option<String>,
}

impl Details {
    /// Bounds every text, reads the countries from the place, and refuses what no register may say.
    pub(crate) fn checked(mut self) -> Result<Self> {
        self.name = entry::needed_line("name", &self.name)?;
        self.location = entry::line("location", &self.location)?;
        self.service = entry::line("service", &self.service)?;
        self.purposes = entry::lines("purposes", &self.purposes, 40)?;
        self.data_categories = entry::lines("data_categories", &self.data_categories, 40)?;
        self.connectors = entry::lines("connectors", &self.connectors, 40)?;
        self.website = self.website.as_deref().map(|text| entry::line("website", text)).transpose()?;
        if self.website.as_deref().is_some_and(|url| !url.starts_with("https://")) {
            return Err(entry::wrong("website", "an address that begins with https://"));
        }
        self.scheme = self.scheme.as_deref().map(|text| entry::line("scheme", text)).transpose()?;
        if self.scheme.as_deref().is_some_and(is_privacy_shield) {
            return Err(entry::wrong("scheme", "Privacy Shield was annulled (C-311/18); name another mechanism"));
        }
        for code in &mut self.countries {
            let upper = code.trim().to_ascii_uppercase();
            if upper.len() != 2 || !upper.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(entry::wrong("countries", "two-letter codes such as DE or US"));
            }
            *code = if upper == "UK" { "GB".to_owned() } else { upper };
        }
        if self.countries.len() > 60 {
            return Err(entry::wrong("countries", "at most 60 countries"));
        }
        if self.countries.is_empty() {
            self.countries = places::recognised(&self.location).into_iter().map(str::to_owned).collect();
        }
        self.countries.sort_unstable();
        self.countries.dedup();
        Ok(self)
    }

    /// What makes two entries the same: name and service, however they are spelled.
    pub(crate) fn natural_key(&self) -> String {
        let plain = |text: &str| {
            fold(text).split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
        };
        format!("{}|{}", plain(&self.name), plain(&self.service))
    }

    /// Countries outside the European Economic Area.
    pub fn third_countries(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().map(String::as_str).filter(|code| !places::in_eea(code))
    }
}

/// Whether a text speaks of the annulled scheme.
pub(super) fn is_privacy_shield(text: &str) -> bool {
    fold(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>().contains("privacyshield")
}

/// What is still missing before the recipient may receive anything (Art. 28(3), 30(1), 44), by field.
pub fn lacks(details: &Details) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut need = |field, missing: bool| {
        if missing {
            out.push(field);
        }
    };
    need("name", details.name.is_empty());
    need("role", details.role.is_none());
    need("countries", details.countries.is_empty());
    need("service", details.service.is_empty());
    need("purposes", details.purposes.is_empty());
    need("data_categories", details.data_categories.is_empty());
    need("dpa_date", details.role == Some(Role::Processor) && details.dpa_date.is_none());
    let abroad = details.third_countries().next().is_some();
    let unfounded = matches!(details.mechanism, None | Some(Mechanism::NoneEea));
    need("mechanism", if abroad { unfounded } else { details.mechanism.is_none() });
    let named = matches!(details.mechanism, Some(Mechanism::Adequacy | Mechanism::Derogation));
    need("scheme", named && details.scheme.as_deref().is_none_or(str::is_empty));
    out
}

/// What deserves another look, without stopping anything.
pub fn remarks(details: &Details) -> Vec<&'static str> {
    let mut out = Vec::new();
    if places::stale_union(&details.location, &details.countries, details.mechanism) {
        out.push("the United Kingdom left the Union: it is a third country with an adequacy decision, not a member");
    }
    if details.mechanism == Some(Mechanism::Adequacy) && details.third_countries().any(|code| !places::adequate(code)) {
        out.push("no adequacy decision is on record for one of these countries");
    }
    if details.mechanism == Some(Mechanism::Adequacy) && details.countries.iter().any(|code| code == "US") {
        out.push("in the United States the decision covers only companies certified under the Data Privacy Framework");
    }
    if details.mechanism == Some(Mechanism::Derogation) {
        out.push("derogations are for specific situations, not for regular transfers (Art. 49)");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Details {
        Details {
            name: "Relay GmbH".into(),
            role: Some(Role::Processor),
            location: "Germany".into(),
            mechanism: Some(Mechanism::NoneEea),
            dpa_date: Some("2026-01-01".parse().unwrap()),
            service: "mail relay".into(),
            purposes: vec!["provision".into()],
            data_categories: vec!["addresses".into()],
            ..Details::default()
        }
    }

    #[test]
    fn there_is_no_privacy_shield() {
        assert!("privacy_shield".parse::<Mechanism>().is_err());
        assert!(serde_json::from_str::<Mechanism>("\"privacy_shield\"").is_err());
        let scheme = Some("EU-US Privacy-Shield".to_owned());
        assert!(Details { scheme, ..complete() }.checked().is_err());
    }

    #[test]
    fn a_third_country_needs_a_mechanism() {
        let inside = complete().checked().unwrap();
        assert_eq!((inside.countries.as_slice(), lacks(&inside)), (["DE".to_owned()].as_slice(), Vec::new()));
        let outside = Details { location: "United States".into(), ..complete() }.checked().unwrap();
        assert_eq!(lacks(&outside), ["mechanism"]);
        let founded = Details { mechanism: Some(Mechanism::Scc), ..outside.clone() };
        assert_eq!(lacks(&founded), Vec::<&str>::new());
        let unnamed = Details { mechanism: Some(Mechanism::Adequacy), ..outside };
        assert_eq!(lacks(&unnamed), ["scheme"]);
    }

    #[test]
    fn only_a_processor_needs_an_agreement() {
        let own = Details { role: Some(Role::Controller), dpa_date: None, ..complete() }.checked().unwrap();
        assert_eq!(lacks(&own), Vec::<&str>::new());
        let bound = Details { dpa_date: None, ..complete() }.checked().unwrap();
        assert_eq!(lacks(&bound), ["dpa_date"]);
        assert_eq!(lacks(&Details::default()).len(), 7);
    }
}
