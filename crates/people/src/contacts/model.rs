//! What is known about a person. It rests as one sealed blob per contact: compact JSON in which
//! every value refers to its source.

use std::collections::BTreeMap;
use std::fmt;

use kernel::{Email, Phone, ProvenanceId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The fields every contact may have. Short codes keep the sealed blob small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standard {
    /// Given name.
    #[serde(rename = "f")]
    FirstName,
    /// Family name.
    #[serde(rename = "l")]
    LastName,
    /// Language tag.
    #[serde(rename = "g")]
    Language,
    /// Country, ISO 3166.
    #[serde(rename = "c")]
    Country,
    /// IANA time zone.
    #[serde(rename = "z")]
    TimeZone,
    /// Company.
    #[serde(rename = "o")]
    Company,
    /// Code of the kind of recipient.
    #[serde(rename = "r")]
    RecipientType,
}

impl Standard {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::FirstName,
        Self::LastName,
        Self::Language,
        Self::Country,
        Self::TimeZone,
        Self::Company,
        Self::RecipientType,
    ];

    /// The field's name in JSON and exports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Language => "language",
            Self::Country => "country",
            Self::TimeZone => "time_zone",
            Self::Company => "company",
            Self::RecipientType => "recipient_type",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// A value and the index of its source in [`Profile::sources`].
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Sourced<T>(pub T, pub u16);

impl<T> fmt::Debug for Sourced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

/// The sealed part of a contact. `Debug` prints nothing personal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Where values came from.
    #[serde(rename = "s")]
    pub sources: Vec<ProvenanceId>,
    /// Addresses, the first one is written to.
    #[serde(rename = "e", skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Sourced<Email>>,
    /// Numbers in E.164, the first one is called.
    #[serde(rename = "p", skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Sourced<String>>,
    /// Standard fields.
    #[serde(rename = "v", skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Standard, Sourced<String>>,
    /// Custom fields.
    #[serde(rename = "a", skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Sourced<Json>>,
}

impl Profile {
    /// The address that is written to.
    pub fn email(&self) -> Option<&Email> {
        self.emails.first().map(|email| &email.0)
    }

    /// The number that is called.
    pub fn phone(&self) -> Option<&str> {
        self.phones.first().map(|phone| phone.0.as_str())
    }

    /// A standard field.
    pub fn value(&self, field: Standard) -> Option<&str> {
        self.values.get(&field).map(|value| value.0.as_str())
    }

    /// What the person is called on a screen: name, else organisation, address or number.
    pub fn display_name(&self) -> String {
        let named = [Standard::FirstName, Standard::LastName].into_iter().filter_map(|field| self.value(field));
        let name = named.collect::<Vec<_>>().join(" ");
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        name.or_else(|| self.value(Standard::Company).map(str::to_owned))
            .or_else(|| self.email().map(ToString::to_string))
            .or_else(|| self.phone().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The source of a value.
    pub fn source<T>(&self, value: &Sourced<T>) -> Option<ProvenanceId> {
        self.sources.get(usize::from(value.1)).copied()
    }
}

/// What somebody says about a person: the input of create, update, subscribe and import. Values
/// are validated already or by [`super::rules::validate`].
#[derive(Clone, Default, PartialEq)]
pub struct Draft {
    /// Addresses.
    pub emails: Vec<Email>,
    /// Numbers.
    pub phones: Vec<Phone>,
    /// Standard fields; an empty text clears the field.
    pub values: BTreeMap<Standard, String>,
    /// Custom fields; null clears the field.
    pub attributes: BTreeMap<String, Json>,
    /// Names of tags to add.
    pub tags: Vec<String>,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft([pii])")
    }
}

/// The state of an address or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressState {
    /// Nothing speaks against it.
    Active,
    /// Several messages came back for the time being.
    SoftBounced,
    /// It does not exist.
    HardBounced,
}

impl AddressState {
    /// The code in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::SoftBounced => "soft_bounced",
            Self::HardBounced => "hard_bounced",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Active, Self::SoftBounced, Self::HardBounced].into_iter().find(|state| state.as_str() == code)
    }
}
