//! One row of a file: typed values, or the reason why it is not a person.

use std::net::IpAddr;

use kernel::{Email, Locale, Phone, Timestamp};
use privacy::provenance::{self, Page};

use super::country::Country;
use super::header::{Column, Header, Meaning};
use super::records::Record;
use super::{instant, values};
use crate::export::formula;

/// A person as a row describes them.
#[derive(Clone, Default)]
pub struct Row {
    /// First physical line of the row.
    pub line: u64,
    /// The e-mail address.
    pub email: Option<Email>,
    /// The phone number.
    pub phone: Option<Phone>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Language.
    pub language: Option<Locale>,
    /// Country.
    pub country: Option<Country>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Code of the kind of recipient.
    pub recipient_type: Option<&'static str>,
    /// Tags.
    pub tags: Vec<String>,
    /// Custom attributes: index into the header's attributes, value.
    pub attributes: Vec<(usize, String)>,
    /// What the row says about consent and basis.
    pub evidence: Evidence,
}

/// What a row says about consent and basis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// When consent was given.
    pub consent_at: Option<Timestamp>,
    /// Where.
    pub consent_source: Option<String>,
    /// From which address.
    pub consent_ip: Option<IpAddr>,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// From which address.
    pub confirmed_ip: Option<IpAddr>,
    /// When the sale took place.
    pub sale_at: Option<Timestamp>,
    /// The assessment.
    pub assessment: Option<String>,
    /// Why this person.
    pub reason: Option<String>,
    /// The page the row was read from.
    pub page: Page,
}

/// A row that is not imported.
#[derive(Clone, PartialEq, Eq)]
pub struct Reject {
    /// First physical line of the row.
    pub line: u64,
    /// Why.
    pub reason: String,
    /// The value at fault, shortened.
    pub value: String,
}

/// An optional value that was dropped. Names line, column and reason, never the value.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// First physical line of the row.
    pub line: u64,
    /// The column.
    pub column: String,
    /// What is wrong with the value.
    pub reason: String,
}

/// The longest value shown in the rejects file, in characters.
const SHOWN: usize = 200;

/// Shortens a value for the rejects file.
pub fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN * 4)]).chars().take(SHOWN).collect()
}

struct Parser<'a> {
    row: Row,
    warnings: &'a mut Vec<Warning>,
    now: Timestamp,
    phone: Option<&'a str>,
    email: Option<&'a str>,
}

impl Row {
    /// Reads a record. Bad optional values are dropped and told in `warnings`.
    pub fn read(record: &Record, header: &Header, now: Timestamp, warnings: &mut Vec<Warning>) -> Result<Self, Reject> {
        let reject = |reason: String, value: &[u8]| Reject { line: record.line, reason, value: shown(value) };
        if record.len() != header.names.len() {
            let reason = format!("{} fields where the header has {}", record.len(), header.names.len());
            return Err(reject(reason, record.bytes(0).unwrap_or_default()));
        }
        let row = Self { line: record.line, ..Self::default() };
        let mut parser = Parser { row, warnings, now, phone: None, email: None };
        for (index, meaning) in header.meaning.iter().enumerate() {
            let Some(text) = record.field(index) else {
                let reason = format!("{:?} is not valid text in the file's encoding", header.names[index]);
                return Err(reject(reason, record.bytes(index).unwrap_or_default()));
            };
            let text = formula::plain(text.trim());
            if text.is_empty() {
                continue;
            }
            match meaning {
                Meaning::Dropped => {}
                Meaning::Attribute(attribute) => match values::paragraph(text) {
                    Some(value) => parser.row.attributes.push((*attribute, value)),
                    None => parser.warn(&header.names[index], "longer than 4000 characters"),
                },
                Meaning::Known(column) => parser.known(*column, text),
            }
        }
        parser.identify()
    }
}

impl<'a> Parser<'a> {
    fn warn(&mut self, column: &str, reason: &str) {
        self.warnings.push(Warning { line: self.row.line, column: column.to_owned(), reason: reason.to_owned() });
    }

    fn keep<T>(&mut self, column: Column, value: Option<T>, expected: &str) -> Option<T> {
        if value.is_none() {
            self.warn(column.name(), expected);
        }
        value
    }

    fn past(&mut self, column: Column, text: &str) -> Option<Timestamp> {
        let at = self.keep(
            column,
            instant::parse(text),
            "not a date that has one meaning; write 2026-01-31 or 2026-01-31T10:00:00Z",
        )?;
        let value = (at <= self.now).then_some(at);
        self.keep(column, value, "lies in the future")
    }

    fn known(&mut self, column: Column, text: &'a str) {
        const LONG: &str = "longer than 200 characters";
        const IP: &str = "not an IP address";
        match column {
            Column::Email => self.email = Some(text),
            Column::Phone => self.phone = Some(text),
            Column::FirstName => self.row.first_name = self.keep(column, values::line(text), LONG),
            Column::LastName => self.row.last_name = self.keep(column, values::line(text), LONG),
            Column::Company => self.row.company = self.keep(column, values::line(text), LONG),
            Column::Language => {
                self.row.language = self.keep(column, values::language(text), "not a language tag such as ar or en");
            }
            Column::Country => self.row.country = self.keep(column, Country::parse(text), "not a country code or name"),
            Column::TimeZone => {
                self.row.time_zone =
                    self.keep(column, values::time_zone(text), "not an IANA time zone such as Asia/Riyadh");
            }
            Column::RecipientType => {
                let expected = "not one of individual, sole_trader, corporate_named, corporate_generic, public_body";
                self.row.recipient_type = self.keep(column, values::recipient_type(text), expected);
            }
            Column::Tags => {
                let (tags, lost) = values::tags(text);
                self.row.tags = tags;
                if lost {
                    self.warn(column.name(), "at most 50 tags of 100 characters");
                }
            }
            Column::ConsentTime => self.row.evidence.consent_at = self.past(column, text),
            Column::ConfirmedAt => self.row.evidence.confirmed_at = self.past(column, text),
            Column::SaleDate => self.row.evidence.sale_at = self.past(column, text),
            Column::ConsentSource => self.row.evidence.consent_source = self.keep(column, values::line(text), LONG),
            Column::Assessment => self.row.evidence.assessment = self.keep(column, values::line(text), LONG),
            Column::Reason => self.row.evidence.reason = self.keep(column, values::line(text), LONG),
            Column::SourceUrl => {
                let expected = "not a web address of at most 2000 bytes";
                self.row.evidence.page.url = self.keep(column, provenance::web_address(text), expected);
            }
            Column::SourceDate => {
                self.row.evidence.page.read_on = self.past(column, text).map(Timestamp::date);
            }
            Column::SourceHash => {
                let expected = "not SHA-256 as 64 hexadecimal digits";
                self.row.evidence.page.sha256 = self.keep(column, provenance::sha256_hex(text), expected);
            }
            Column::ConsentIp => self.row.evidence.consent_ip = self.keep(column, text.parse().ok(), IP),
            Column::ConfirmedIp => self.row.evidence.confirmed_ip = self.keep(column, text.parse().ok(), IP),
        }
    }

    /// The identifiers come last: a number without country code is read in the row's country.
    fn identify(mut self) -> Result<Row, Reject> {
        let reject = |line, reason: String, value: &str| Err(Reject { line, reason, value: shown(value.as_bytes()) });
        if let Some(text) = self.email {
            match Email::parse(text) {
                Ok(email) => self.row.email = Some(email),
                Err(error) => return reject(self.row.line, format!("email: {error}"), text),
            }
        }
        if let Some(text) = self.phone {
            let country = self.row.country;
            match Phone::parse(text, country.as_ref().map(Country::as_str)) {
                Ok(phone) => self.row.phone = Some(phone),
                Err(error) if self.row.email.is_none() => {
                    return reject(self.row.line, format!("phone: {error}"), text);
                }
                Err(error) => self.warn(Column::Phone.name(), &error.to_string()),
            }
        }
        if self.row.evidence.page.url.is_none() && self.row.evidence.page.sha256.take().is_some() {
            self.warn(Column::SourceHash.name(), "dropped: the row does not say which page was hashed");
        }
        if self.row.email.is_none() && self.row.phone.is_none() {
            return reject(self.row.line, "neither e-mail nor phone".to_owned(), "");
        }
        Ok(self.row)
    }
}
