//! The part of the facts that changes: the person's wishes, the sender's condition, the content.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use kernel::{Date, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::facts::{Country, Minute, Region};
use super::lenient;
use super::words::{AccountState, ApprovalState, BillingState, Bounce, Screen, SuppressionReason};
use crate::vocabulary::{BasisKind, Channel, Purpose, Scope};

/// The state of the person, the sender and the content at the moment of the decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// What stands on the suppression list for this person, address or domain.
    pub suppressions: Vec<Suppression>,
    /// The person was erased.
    pub erased: bool,
    /// Processing is restricted (GDPR Art. 18).
    pub restricted: Restriction,
    /// The birth date.
    pub birth_date: Option<Date>,
    /// The workspace's minimum age in years; the pack's when absent.
    pub min_age: Option<u8>,
    /// Objections (GDPR Art. 21).
    pub objections: Objections,
    /// What the last deliveries to this address came to.
    #[serde(deserialize_with = "bounce")]
    pub bounce: Bounce,
    /// The contact is archived: kept, not written to.
    pub archived: bool,
    /// The data are of a special category (GDPR Art. 9).
    #[serde(deserialize_with = "lenient::present")]
    pub special_category: bool,
    /// The purposes the telephone number was given for; no limit when absent.
    pub phone_purposes: Option<Vec<Purpose>>,
    /// Approvals of campaigns by country.
    #[serde(deserialize_with = "approvals")]
    pub approvals: Vec<Approval>,
    /// The channels that need approval; the pack's (SMS and voice) when absent.
    #[serde(deserialize_with = "lenient::approval_channels")]
    pub approvals_required_on: Option<Vec<Channel>>,
    /// The lawful bases the workspace works with; every one when absent.
    pub bases_allowed: Option<Vec<BasisKind>>,
    /// The channel's connector works and may be used.
    pub connector_ok: bool,
    /// The sending domain is verified (e-mail).
    pub sender_domain_verified: bool,
    /// The sending account.
    pub account: AccountState,
    /// Its billing.
    pub billing: BillingState,
    /// What the compiled content lacks, by element code, optionally with the part (`opt_out:text`).
    pub missing_elements: Vec<Cow<'static, str>>,
    /// The content advertises.
    pub promotional_content: bool,
    /// The recipient's state in the United States.
    #[serde(deserialize_with = "lenient::region")]
    pub us_state: Option<Region>,
    /// What screening against the national opt-out list said.
    #[serde(deserialize_with = "screen")]
    pub list_screen: Screen,
    /// Every plausible time zone of the recipient; the country's when empty.
    #[serde(deserialize_with = "lenient::zones")]
    pub time_zones: Vec<TimeZone>,
    /// The workspace's own window for telephone channels.
    pub quiet: Option<Quiet>,
    /// The frequency cap.
    pub frequency: Option<Frequency>,
    /// Messages left in the sender's quota; unlimited when absent.
    pub quota_left: Option<i64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            suppressions: Vec::new(),
            erased: false,
            restricted: Restriction::None,
            birth_date: None,
            min_age: None,
            objections: Objections::default(),
            bounce: Bounce::None,
            archived: false,
            special_category: false,
            phone_purposes: None,
            approvals: Vec::new(),
            approvals_required_on: None,
            bases_allowed: None,
            connector_ok: true,
            sender_domain_verified: true,
            account: AccountState::Active,
            billing: BillingState::Active,
            missing_elements: Vec::new(),
            promotional_content: false,
            us_state: None,
            list_screen: Screen::Missing,
            time_zones: Vec::new(),
            quiet: None,
            frequency: None,
            quota_left: None,
        }
    }
}

/// One entry of the suppression list that matches this person, address or domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// What it covers. `None`: the kind in `kind` without a value, which covers whatever is asked.
    pub scope: Option<Scope>,
    /// The kind of scope: `person`, `purpose`, `channel`, `topic`, `address`, `domain`.
    pub kind: &'static str,
    /// Why it stands.
    pub reason: SuppressionReason,
    /// Since when; a suppression that is on the list stands, whatever its date.
    pub at: Option<Timestamp>,
}

impl Suppression {
    /// An entry of the list.
    pub fn new(scope: Scope, reason: SuppressionReason) -> Self {
        Self { kind: scope.kind(), scope: Some(scope), reason, at: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuppressionText {
    scope: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    reason: Option<SuppressionReason>,
    #[serde(default, deserialize_with = "lenient::instant")]
    at: Option<Timestamp>,
}

impl<'de> Deserialize<'de> for Suppression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SuppressionText::deserialize(deserializer)?;
        let reason = text.reason.unwrap_or(SuppressionReason::Other);
        let kind = match text.scope.split(':').next().unwrap_or_default() {
            "person" | "global" | "all" => "person",
            "purpose" => "purpose",
            "channel" => "channel",
            "topic" => "topic",
            "address" => "address",
            "domain" | "company" => "domain",
            _ => {
                return Err(D::Error::custom(
                    "suppressions.scope: expected person, purpose, channel, topic, address or domain",
                ));
            }
        };
        let beside = match kind {
            "channel" => text.channel,
            "purpose" => text.purpose,
            "topic" => text.topic,
            _ => None,
        };
        let inline = text.scope.split_once(':').map(|(_, value)| value.to_owned());
        let scope = match (kind, inline.or(beside).or(text.value)) {
            ("person", _) => Some(Scope::Person),
            ("address", _) => Some(Scope::Address),
            ("domain", _) => Some(Scope::Domain),
            (_, None) => None,
            (kind, Some(value)) => Some(format!("{kind}:{value}").parse().map_err(D::Error::custom)?),
        };
        Ok(Self { scope, kind, reason, at: text.at })
    }
}

/// Whether processing is restricted, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// Not restricted.
    None,
    /// Restricted, without a date to compare with.
    Undated,
    /// Restricted since this instant: what the person asked for later may be sent.
    Since(Timestamp),
}

impl<'de> Deserialize<'de> for Restriction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Dated {
            #[serde(alias = "at", deserialize_with = "lenient::instant")]
            since: Option<Timestamp>,
        }
        match Value::deserialize(deserializer)? {
            Value::Null | Value::Bool(false) => Ok(Self::None),
            Value::Bool(true) => Ok(Self::Undated),
            text @ Value::String(_) => {
                Ok(lenient::instant(text).map_err(D::Error::custom)?.map_or(Self::Undated, Self::Since))
            }
            value @ Value::Object(_) => {
                let dated = Dated::deserialize(value).map_err(D::Error::custom)?;
                Ok(dated.since.map_or(Self::Undated, Self::Since))
            }
            _ => Err(D::Error::custom("restricted: expected true, false or the instant since when")),
        }
    }
}

/// Objections by purpose. An objection to marketing includes the profiling behind it (Art. 21(2)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objections {
    /// Objects to everything that is not service.
    pub all: bool,
    /// The purposes objected to.
    pub purposes: Vec<Purpose>,
}

impl<'de> Deserialize<'de> for Objections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Entry {
            #[serde(default)]
            purpose: Option<Purpose>,
            #[serde(default, rename = "channel")]
            _channel: Option<Channel>,
            #[serde(default, rename = "at", deserialize_with = "lenient::instant")]
            _at: Option<Timestamp>,
            #[serde(default, rename = "reason")]
            _reason: Option<String>,
        }
        let list = match Value::deserialize(deserializer)? {
            Value::Null | Value::Bool(false) => return Ok(Self::default()),
            Value::Bool(true) => return Ok(Self { all: true, purposes: Vec::new() }),
            Value::Array(list) => list,
            one => vec![one],
        };
        let mut objections = Self::default();
        for item in list {
            let purpose = match item {
                Value::String(text) if text == "all" || text == "any" => None,
                Value::String(text) => Some(text.parse().map_err(D::Error::custom)?),
                other => Entry::deserialize(other).map_err(D::Error::custom)?.purpose,
            };
            match purpose {
                Some(purpose) => objections.purposes.push(purpose),
                None => objections.all = true,
            }
        }
        Ok(objections)
    }
}

/// The approval of a campaign for one country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The country; an approval of another one does not help.
    pub country: ApprovalCountry,
    /// The channel; every channel when absent.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The state; pending when absent.
    #[serde(default)]
    pub state: Option<ApprovalState>,
    /// When it ends (half-open).
    #[serde(default, alias = "expires", deserialize_with = "lenient::instant")]
    pub expires_at: Option<Timestamp>,
}

/// The country of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovalCountry(pub Country);

impl<'de> Deserialize<'de> for ApprovalCountry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::country(deserializer)?
            .map(Self)
            .ok_or_else(|| D::Error::custom("approvals.country: expected two letters of ISO 3166-1"))
    }
}

/// The workspace's window for telephone channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quiet {
    /// When messages may start. Later than `end`: the two bound the night instead.
    #[serde(deserialize_with = "lenient::minute")]
    pub start: Option<Minute>,
    /// When they must stop (half-open).
    #[serde(deserialize_with = "lenient::minute")]
    pub end: Option<Minute>,
    /// Whether Sunday is open.
    #[serde(deserialize_with = "lenient::switch")]
    pub sunday: Option<bool>,
}

/// A frequency cap and how far it is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Frequency {
    /// Messages allowed in the present period; no limit when absent.
    pub cap: Option<u32>,
    /// Messages sent in it.
    pub sent: u32,
    /// When the next message is allowed again, if known.
    #[serde(alias = "resets_at", deserialize_with = "lenient::instant")]
    pub until: Option<Timestamp>,
}

fn bounce<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bounce, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Dated {
        #[serde(alias = "type", alias = "kind", alias = "state")]
        class: Bounce,
        #[serde(default, rename = "at", deserialize_with = "lenient::instant")]
        _at: Option<Timestamp>,
        #[serde(default, rename = "count")]
        _count: Option<u32>,
    }
    match Value::deserialize(deserializer)? {
        Value::Null | Value::Bool(false) => Ok(Bounce::None),
        Value::Bool(true) => Ok(Bounce::Hard),
        value @ Value::Object(_) => Dated::deserialize(value).map(|dated| dated.class).map_err(D::Error::custom),
        value => Bounce::deserialize(value).map_err(D::Error::custom),
    }
}

fn approvals<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Approval>, D::Error> {
    let approved = |code: &str, state| {
        let country = Country::read(code).ok_or_else(|| D::Error::custom("approvals: expected country codes"))?;
        Ok(Approval { country: ApprovalCountry(country), channel: None, state: Some(state), expires_at: None })
    };
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(list) => list
            .into_iter()
            .map(|item| match item {
                Value::String(code) => approved(&code, ApprovalState::Approved),
                other => Approval::deserialize(other).map_err(D::Error::custom),
            })
            .collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(code, state)| {
                let state = match state {
                    Value::Bool(true) => ApprovalState::Approved,
                    Value::Bool(false) => ApprovalState::Pending,
                    other => ApprovalState::deserialize(other).map_err(D::Error::custom)?,
                };
                approved(&code, state)
            })
            .collect(),
        _ => Err(D::Error::custom("approvals: expected a list")),
    }
}

fn screen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Screen, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Report {
        #[serde(default, rename = "list")]
        _list: Option<String>,
        #[serde(default, alias = "result", alias = "state")]
        status: Option<Screen>,
        #[serde(default)]
        listed: Option<bool>,
        #[serde(default)]
        screened: Option<bool>,
        #[serde(default, rename = "at", alias = "screened_at", deserialize_with = "lenient::instant")]
        at: Option<Timestamp>,
    }
    match Value::deserialize(deserializer)? {
        Value::Null | Value::Bool(false) => Ok(Screen::Missing),
        Value::Bool(true) => Ok(Screen::Clear),
        value @ Value::Object(_) => {
            let report = Report::deserialize(value).map_err(D::Error::custom)?;
            Ok(match (report.listed, report.status, report.screened.unwrap_or(report.at.is_some())) {
                (Some(true), ..) => Screen::Listed,
                (_, Some(status), _) => status,
                (Some(false), None, _) | (None, None, true) => Screen::Clear,
                (None, None, false) => Screen::Missing,
            })
        }
        value => Screen::deserialize(value).map_err(D::Error::custom),
    }
}
