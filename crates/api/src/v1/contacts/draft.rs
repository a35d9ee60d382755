//! What callers say about a person.

use std::collections::BTreeMap;

use kernel::{Email, Patch, Phone};
use people::contacts::{Draft, Origin, Standard};
use privacy::provenance::Method;
use store::{Actor, Ctx};

use crate::v1::prelude::*;

/// Values of a person. Null or an empty text clears a field; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactValues {
    /// An e-mail address; added to those that are there.
    #[serde(default)]
    email: Option<String>,
    /// A telephone number with its country code; added to those that are there.
    #[serde(default)]
    phone: Option<String>,
    /// Further e-mail addresses.
    #[serde(default)]
    emails: Vec<String>,
    /// Further telephone numbers.
    #[serde(default)]
    phones: Vec<String>,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    first_name: Patch<String>,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    last_name: Patch<String>,
    /// Language tag.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Patch<String>,
    /// Country, ISO 3166.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    country: Patch<String>,
    /// IANA time zone.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    time_zone: Patch<String>,
    /// Company.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    company: Patch<String>,
    /// `individual`, `sole_trader`, `corporate_named`, `corporate_generic` or `public_body`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    recipient_type: Patch<String>,
    /// Custom fields by key.
    #[serde(default)]
    attributes: BTreeMap<String, Json>,
    /// Names of tags to add.
    #[serde(default)]
    tags: Vec<String>,
    /// Names of tags to take away.
    #[serde(default)]
    untag: Vec<String>,
    /// Where the values come from, in words.
    #[serde(default)]
    source: Option<String>,
    /// Addresses and numbers to take away; only for changes.
    #[serde(default)]
    pub(super) remove: Vec<String>,
    /// Whether the contact is put aside: kept, and no longer written to; only for changes.
    #[serde(default)]
    pub(super) archived: Option<bool>,
    /// The version that a change was made against; only for changes.
    #[serde(default)]
    pub(super) version: Option<i64>,
}

impl ContactValues {
    /// Refuses what only a change of an existing contact can say.
    pub(super) fn refuse_changes(&self) -> Result<(), Problem> {
        let given = [
            ("remove", !self.remove.is_empty()),
            ("archived", self.archived.is_some()),
            ("version", self.version.is_some()),
            ("untag", !self.untag.is_empty()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(Problem::field(*name, "is only for changes of a contact")),
            None => Ok(()),
        }
    }

    /// The draft, the tags to take away, and where all of it comes from.
    pub(super) fn read(self, ctx: &Ctx) -> Result<(Draft, Vec<String>, Origin), Problem> {
        let emails = texts(self.email, self.emails);
        let emails =
            emails.iter().map(|text| Email::parse(text).map_err(|error| Problem::field("email", error.to_string())));
        let phones = texts(self.phone, self.phones);
        let phones = phones
            .iter()
            .map(|text| Phone::parse(text, None).map_err(|error| Problem::field("phone", error.to_string())));
        let mut draft = Draft {
            emails: emails.collect::<Result<_, _>>()?,
            phones: phones.collect::<Result<_, _>>()?,
            attributes: self.attributes,
            tags: self.tags,
            ..Draft::default()
        };
        for (field, value) in [
            (Standard::FirstName, self.first_name),
            (Standard::LastName, self.last_name),
            (Standard::Language, self.language),
            (Standard::Country, self.country),
            (Standard::TimeZone, self.time_zone),
            (Standard::Company, self.company),
            (Standard::RecipientType, self.recipient_type),
        ] {
            match value {
                Patch::Absent => {}
                Patch::Null => drop(draft.values.insert(field, String::new())),
                Patch::Value(text) => drop(draft.values.insert(field, text)),
            }
        }
        Ok((draft, self.untag, origin(ctx, self.source)?))
    }
}

fn texts(one: Option<String>, more: Vec<String>) -> Vec<String> {
    one.into_iter().chain(more).filter(|text| !text.trim().is_empty()).collect()
}

/// Where values come from that this caller sends.
pub(super) fn origin(ctx: &Ctx, source: Option<String>) -> Result<Origin, Problem> {
    let (method, default) = match ctx.actor {
        Actor::Key(_) => (Method::Api, "API"),
        _ => (Method::Given, "entered by a member"),
    };
    let source = source.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| default.to_owned());
    if source.chars().count() > 200 {
        return Err(Problem::field("source", "at most 200 characters"));
    }
    Ok(Origin { method, source })
}
