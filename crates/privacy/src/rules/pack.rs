//! The rule pack: the decision table as versioned data, compiled to look-ups by country.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::facts::{Country, Facts, Minute, Region};
use super::hours::Week;
use super::lenient;
use crate::vocabulary::{BasisKind, Channel, Purpose, RecipientType};

/// The rule packs that this build carries, oldest first; the last one decides.
const EMBEDDED: [&str; 2] = [include_str!("../../packs/2026-01.json"), include_str!("../../packs/2026-11.json")];
const RECIPIENTS: usize = 3;

/// What the gate does with a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    /// Advertising: the country's row decides.
    Marketing,
    /// Row 1.
    Service,
    /// Row 18.
    Tracking,
    /// Row 1, passing every stop.
    Statutory,
}

/// What a legitimate interest must show in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Need {
    /// A recorded, live assessment.
    Lia,
    /// A reason for this recipient.
    Reason,
    /// The origin of the data.
    Provenance,
    /// The notice of GDPR Art. 14.
    Art14Notice,
    /// An address that the company published for advertising.
    Published,
}

/// One basis that a row allows, with its conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasisRule {
    pub(super) accept: Vec<BasisKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) channels: Option<Vec<Channel>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) doi: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) evidence: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) needs: Vec<Need>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) screen: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) purchased: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) negotiations: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) charity_from: Option<Timestamp>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A row of the decision table, as published: what it says for whom, where that comes from, and when
/// it is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The row's id: its number in the table, or a name.
    pub id: String,
    #[serde(default = "marketing")]
    pub(super) class: Class,
    /// Whose recipients: codes, `@group`, `unlisted` for every country without a row, or `*`.
    pub countries: Vec<String>,
    /// Which recipients; every one when empty.
    #[serde(default)]
    pub recipients: Vec<RecipientType>,
    /// By which channels; every one when empty.
    #[serde(default)]
    pub channels: Vec<Channel>,
    pub(super) bases: Vec<BasisRule>,
    #[serde(default)]
    pub(super) elements: Vec<String>,
    /// Where the rule comes from.
    pub source: String,
    /// The day by which it is to be reviewed.
    pub review: kernel::Date,
}

const fn marketing() -> Class {
    Class::Marketing
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeekText {
    hours: [String; 2],
    #[serde(default)]
    days_off: Vec<String>,
    #[serde(default)]
    sunday: Option<[String; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursText {
    default: WeekText,
    friday_off: Vec<String>,
    us_federal: WeekText,
    us_states: BTreeMap<String, WeekText>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalsText {
    countries: Vec<String>,
    channels: Vec<Channel>,
    #[serde(rename = "source")]
    _source: String,
}

/// Periods and counts, in the units their names say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) min_age: u8,
    pub(super) assessment_months: u32,
    pub(super) touches: u32,
    pub(super) engagement_days: u32,
    pub(super) implied_purchase_months: u32,
    pub(super) implied_enquiry_months: u32,
}

/// Which elements of the content are needed beside those of the row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Elements {
    pub(super) always: Vec<String>,
    pub(super) email: Vec<String>,
    pub(super) legitimate_interest: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackText {
    version: String,
    #[serde(deserialize_with = "lenient::instant")]
    released: Option<Timestamp>,
    note: String,
    purposes: BTreeMap<String, Class>,
    rows: Vec<Row>,
    groups: HashMap<String, Vec<String>>,
    approvals: ApprovalsText,
    limits: Limits,
    elements: Elements,
    hours: HoursText,
    zones: HashMap<String, Vec<String>>,
    us_zones: HashMap<String, Vec<String>>,
}

/// A text that is not a rule pack. Says what and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rule pack is not valid: {0}")]
pub struct PackError(String);

/// A country's compiled rules.
#[derive(Debug, Clone)]
struct Profile {
    /// Row by recipient and channel.
    rows: [[u16; Channel::ALL.len()]; RECIPIENTS],
    friday_off: bool,
    approval: bool,
    zones: Vec<TimeZone>,
}

/// The compiled rule pack. Look-ups neither search nor allocate.
#[derive(Debug, Clone)]
pub struct RulePack {
    version: String,
    released: Timestamp,
    note: String,
    /// Everything beside the rows, as written.
    parts: serde_json::Map<String, serde_json::Value>,
    purposes: Vec<(String, Class)>,
    rows: Vec<Row>,
    service: usize,
    statutory: usize,
    tracking: usize,
    profiles: Vec<Profile>,
    by_country: Vec<u16>,
    known_elements: Vec<String>,
    pub(super) approval_channels: Vec<Channel>,
    pub(super) limits: Limits,
    pub(super) elements: Elements,
    pub(super) default_week: Week,
    us_federal: Week,
    us_states: HashMap<Region, Week>,
    us_zones: HashMap<Region, Vec<TimeZone>>,
}

/// Sole traders count as individuals, public bodies as companies.
const fn recipient_index(kind: RecipientType) -> usize {
    match kind {
        RecipientType::Individual | RecipientType::SoleTrader => 0,
        RecipientType::CorporateNamed => 1,
        RecipientType::CorporateGeneric | RecipientType::PublicBody => 2,
    }
}

/// Messengers count as text messages.
pub(super) const fn as_row_channel(channel: Channel) -> Channel {
    match channel {
        Channel::Whatsapp | Channel::Messenger => Channel::Sms,
        other => other,
    }
}

fn week(text: &WeekText) -> Result<Week, PackError> {
    let minute = |text: &str| Minute::read(text).ok_or_else(|| PackError(format!("hours: {text} is no time of day")));
    let mut week = Week::daily(minute(&text.hours[0])?, minute(&text.hours[1])?);
    if let Some([start, end]) = &text.sunday {
        week = week.with(Weekday::Sunday, Some((minute(start)?, minute(end)?)));
    }
    for day in &text.days_off {
        week = week.with(
            match day.as_str() {
                "friday" => Weekday::Friday,
                "saturday" => Weekday::Saturday,
                "sunday" => Weekday::Sunday,
                other => return Err(PackError(format!("hours: {other} is no day off"))),
            },
            None,
        );
    }
    Ok(week)
}

/// Zones this machine does not know are left out: without any, the gate says so instead of guessing.
fn zones(names: &[String]) -> Vec<TimeZone> {
    let zones: Vec<_> = names.iter().filter_map(|name| TimeZone::get(name).ok()).collect();
    if zones.len() == names.len() { zones } else { Vec::new() }
}

fn region(text: &str) -> Result<Region, PackError> {
    Region::read(text).ok_or_else(|| PackError(format!("{text} is no state")))
}

impl Row {
    /// Whether the row speaks about this country; `None` stands for every country without a row.
    fn covers(&self, country: Option<&str>, groups: &HashMap<String, Vec<String>>) -> bool {
        self.countries.iter().any(|entry| match (entry.as_str(), country) {
            ("*", _) | ("unlisted", None) => true,
            (code, Some(country)) => {
                code == country
                    || code
                        .strip_prefix('@')
                        .and_then(|name| groups.get(name))
                        .is_some_and(|g| g.iter().any(|c| c == country))
            }
            _ => false,
        })
    }

    fn answers(&self, recipient: usize, channel: Channel) -> bool {
        self.class == Class::Marketing
            && (self.recipients.is_empty() || self.recipients.iter().any(|kind| recipient_index(*kind) == recipient))
            && (self.channels.is_empty() || self.channels.contains(&channel))
    }
}

impl PackText {
    /// Every country that some row names; a country named nowhere is as good as unknown.
    fn countries(&self) -> Result<Vec<String>, PackError> {
        let mut named = Vec::new();
        for entry in self.rows.iter().flat_map(|row| &row.countries) {
            match entry.strip_prefix('@') {
                Some(group) => {
                    let members = self.groups.get(group).ok_or_else(|| PackError(format!("no group {group}")))?;
                    named.extend(members.iter().cloned());
                }
                None if matches!(entry.as_str(), "*" | "unlisted") => {}
                None => named.push(entry.clone()),
            }
        }
        named.sort();
        named.dedup();
        Ok(named)
    }

    fn profile(&self, country: Option<&str>) -> Result<Profile, PackError> {
        let mut rows = [[0; Channel::ALL.len()]; RECIPIENTS];
        for (recipient, channels) in rows.iter_mut().enumerate() {
            for channel in Channel::ALL {
                let found = self.rows.iter().position(|row| {
                    row.answers(recipient, as_row_channel(*channel)) && row.covers(country, &self.groups)
                });
                channels[*channel as usize] = found
                    .and_then(|at| u16::try_from(at).ok())
                    .ok_or_else(|| PackError(format!("no row for {} by {channel}", country.unwrap_or("unknown"))))?;
            }
        }
        let listed = |list: &[String]| country.is_some_and(|country| list.iter().any(|c| c == country));
        Ok(Profile {
            rows,
            friday_off: listed(&self.hours.friday_off),
            approval: listed(&self.approvals.countries),
            zones: match country {
                Some(country) => self.zones.get(country).map(|names| zones(names)).unwrap_or_default(),
                None => vec![TimeZone::UTC],
            },
        })
    }

    fn first(&self, class: Class) -> Result<usize, PackError> {
        self.rows
            .iter()
            .position(|row| row.class == class)
            .ok_or_else(|| PackError(format!("no row of class {class:?}")))
    }
}

impl RulePack {
    /// A pack that this build carries, compiled when it is first asked for.
    fn embedded(at: usize) -> &'static Self {
        static PACKS: [OnceLock<RulePack>; EMBEDDED.len()] = [const { OnceLock::new() }; EMBEDDED.len()];
        #[expect(clippy::expect_used, reason = "the packs are part of the program; a test parses them")]
        PACKS[at].get_or_init(|| Self::parse(EMBEDDED[at]).expect("an embedded rule pack is valid"))
    }

    /// Every pack that this build carries, oldest first.
    pub fn versions() -> impl DoubleEndedIterator<Item = &'static Self> {
        (0..EMBEDDED.len()).map(Self::embedded)
    }

    /// The pack that decides.
    pub fn current() -> &'static Self {
        Self::embedded(EMBEDDED.len() - 1)
    }

    /// The age in years below which nobody is written to, where a workspace sets none.
    pub const fn min_age(&self) -> u8 {
        self.limits.min_age
    }

    /// A pack that this build carries, by its version.
    pub fn of_version(version: &str) -> Option<&'static Self> {
        Self::versions().find(|pack| pack.version == version)
    }

    /// Reads and compiles a pack.
    ///
    /// # Errors
    /// What is wrong with the text: its JSON, an unknown group, a country, channel or recipient
    /// without a row.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        let wrong = |error: serde_json::Error| PackError(error.to_string());
        let mut parts: serde_json::Map<_, _> = serde_json::from_str(text).map_err(wrong)?;
        parts.retain(|name, _| !matches!(name.as_str(), "version" | "released" | "note" | "rows"));
        let text: PackText = serde_json::from_str(text).map_err(wrong)?;
        let released = text.released.ok_or_else(|| PackError("released is missing".to_owned()))?;
        let mut profiles = vec![text.profile(None)?];
        let mut by_country = vec![0; 26 * 26];
        for code in text.countries()? {
            let country = Country::read(&code).ok_or_else(|| PackError(format!("{code} is no country")))?;
            by_country[country.index()] =
                u16::try_from(profiles.len()).map_err(|_| PackError("too many countries".into()))?;
            profiles.push(text.profile(Some(&code))?);
        }
        let by_region = |(code, names): (&String, &Vec<String>)| Ok((region(code)?, zones(names)));
        let mut known_elements: Vec<String> = text.rows.iter().flat_map(|row| row.elements.iter().cloned()).collect();
        known_elements.extend(text.elements.email.iter().cloned());
        known_elements.extend(text.elements.legitimate_interest.iter().cloned());
        let mut purposes: Vec<_> = text.purposes.iter().map(|(code, class)| (code.clone(), *class)).collect();
        purposes.sort_by_key(|(code, _)| code != Purpose::MARKETING.as_str());
        Ok(Self {
            released,
            purposes,
            service: text.first(Class::Service)?,
            statutory: text.first(Class::Statutory)?,
            tracking: text.first(Class::Tracking)?,
            profiles,
            by_country,
            known_elements,
            default_week: week(&text.hours.default)?,
            us_federal: week(&text.hours.us_federal)?,
            us_states: text
                .hours
                .us_states
                .iter()
                .map(|(code, w)| Ok((region(code)?, week(w)?)))
                .collect::<Result<_, _>>()?,
            us_zones: text.us_zones.iter().map(by_region).collect::<Result<_, _>>()?,
            version: text.version,
            approval_channels: text.approvals.channels,
            limits: text.limits,
            elements: text.elements,
            rows: text.rows,
            note: text.note,
            parts,
        })
    }

    /// The pack's version, such as `2026-11`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The instant of its release: the `now` of a question that names none.
    pub fn released(&self) -> Timestamp {
        self.released
    }

    /// What the pack says about itself.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Everything beside the rows: purposes, groups of countries, approvals, limits, elements, hours
    /// and zones, as written.
    pub const fn parts(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.parts
    }

    /// The countries that some row or group names, by code.
    pub fn countries(&self) -> impl Iterator<Item = Country> + '_ {
        let named = (0..self.by_country.len()).filter(|at| self.by_country[*at] != 0);
        named.map(Country::at)
    }

    /// The row that would decide about these facts; `None` when their purpose is in no catalogue.
    pub fn row_for(&self, facts: &Facts) -> Option<&Row> {
        let class = self.class(&facts.purpose)?;
        Some(self.row(class, facts.country, facts.recipient_type, facts.channel))
    }

    /// The channels on which a country wants campaigns approved beforehand; none for most.
    pub fn approval_channels(&self, country: Country) -> &[Channel] {
        if self.needs_approval(Some(country)) { &self.approval_channels } else { &[] }
    }

    /// Whether Friday, not Sunday, is the day of rest.
    pub fn rests_on_friday(&self, country: Country) -> bool {
        self.friday_off(Some(country))
    }

    /// For how many months a consent implied by a purchase, and by an enquiry, lasts.
    pub const fn implied_months(&self) -> (u32, u32) {
        (self.limits.implied_purchase_months, self.limits.implied_enquiry_months)
    }

    /// The rows in the order in which they are tried.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the rules know what to do with a purpose.
    pub fn knows(&self, purpose: &Purpose) -> bool {
        self.class(purpose).is_some()
    }

    /// For how many months an assessment of a legitimate interest holds at most.
    pub const fn assessment_months(&self) -> u32 {
        self.limits.assessment_months
    }

    pub(super) fn class(&self, purpose: &Purpose) -> Option<Class> {
        self.purposes.iter().find(|(code, _)| code == purpose.as_str()).map(|(_, class)| *class)
    }

    fn profile(&self, country: Option<Country>) -> &Profile {
        &self.profiles[country.map_or(0, |country| self.by_country[country.index()] as usize)]
    }

    pub(super) fn row(
        &self,
        class: Class,
        country: Option<Country>,
        recipient: RecipientType,
        channel: Channel,
    ) -> &Row {
        &self.rows[match class {
            Class::Service => self.service,
            Class::Statutory => self.statutory,
            Class::Tracking => self.tracking,
            Class::Marketing => self.profile(country).rows[recipient_index(recipient)][channel as usize] as usize,
        }]
    }

    pub(super) fn needs_approval(&self, country: Option<Country>) -> bool {
        self.profile(country).approval
    }

    pub(super) fn friday_off(&self, country: Option<Country>) -> bool {
        self.profile(country).friday_off
    }

    /// Whether an element is one that only some rows or bases ask for.
    pub(super) fn is_conditional(&self, element: &str) -> bool {
        self.known_elements.iter().any(|known| known == element)
    }

    /// The window that law sets beside the workspace's own.
    pub(super) fn state_week(&self, country: Option<Country>, state: Option<Region>) -> Option<&Week> {
        (country == Some(Country::US))
            .then(|| state.and_then(|state| self.us_states.get(&state)).unwrap_or(&self.us_federal))
    }

    /// The zones in which a recipient may be whose own are unknown.
    pub(super) fn zones(&self, country: Option<Country>, state: Option<Region>) -> &[TimeZone] {
        if country == Some(Country::US)
            && let Some(zones) = state.and_then(|state| self.us_zones.get(&state))
        {
            return zones;
        }
        &self.profile(country).zones
    }
}
