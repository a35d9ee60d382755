//! Readers for facts that may be written in more than one way.

use kernel::{Date, Timestamp};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

use super::facts::{Country, Minute, Region, UnknownZone};
use crate::vocabulary::Channel;

/// Whether something is there: the gate asks whether there is evidence, never what it says.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => false,
        Value::Bool(flag) => flag,
        Value::Number(_) => true,
        Value::String(text) => !matches!(text.trim(), "" | "none" | "missing" | "false" | "no"),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    })
}

/// A country code; `null`, an empty text and `unknown` are none.
pub(super) fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Country>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        None => Ok(None),
        Some(text) if matches!(text.trim(), "" | "unknown") => Ok(None),
        Some(text) => Country::read(&text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("country: expected two letters of ISO 3166-1, or unknown")),
    }
}

/// A state of the United States, as `FL` or `US-FL`.
pub(super) fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        None => Ok(None),
        Some(text) if matches!(text.trim(), "" | "unknown") => Ok(None),
        Some(text) => Region::read(&text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("us_state: expected two letters such as FL or US-FL")),
    }
}

/// One channel or a list of channels; `any`, `all` and an absent list mean every channel.
pub(super) fn channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Channel>>, D::Error> {
    let texts = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => vec![text],
        Value::Array(list) => list
            .into_iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| D::Error::custom("channels: expected channel names"))?,
        _ => return Err(D::Error::custom("channels: expected a list of channel names")),
    };
    if texts.iter().any(|text| text == "any" || text == "all") {
        return Ok(None);
    }
    texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map(Some).map_err(D::Error::custom)
}

/// Like [`channels`], where the absence of the whole key means the pack's own list.
pub(super) fn approval_channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Channel>>, D::Error> {
    channels(deserializer).map(|list| Some(list.unwrap_or_else(|| Channel::ALL.to_vec())))
}

/// IANA zone names.
pub(super) fn zones<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<jiff::tz::TimeZone>, D::Error> {
    let names = match Value::deserialize(deserializer)? {
        Value::Null => Vec::new(),
        Value::String(name) => vec![name],
        Value::Array(list) => list
            .into_iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| D::Error::custom("time_zones: expected IANA names"))?,
        _ => return Err(D::Error::custom("time_zones: expected a list of IANA names")),
    };
    names.iter().map(|name| jiff::tz::TimeZone::get(name).map_err(|_| D::Error::custom(UnknownZone))).collect()
}

/// A time of day as `09:00`, `9` or `9:30`; `24:00` is the end of the day.
pub(super) fn minute<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Minute>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Number(hours) => hours.to_string(),
        Value::String(text) => text,
        _ => return Err(D::Error::custom("quiet: expected a time of day such as 09:00")),
    };
    Minute::read(&text).map(Some).ok_or_else(|| D::Error::custom("quiet: expected a time of day such as 09:00"))
}

/// Whether Sunday is open: true or `on`, false or `off`.
pub(super) fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag)),
        Value::String(text) if matches!(text.as_str(), "on" | "open" | "allowed") => Ok(Some(true)),
        Value::String(text) if matches!(text.as_str(), "off" | "closed" | "quiet") => Ok(Some(false)),
        _ => Err(D::Error::custom("quiet.sunday: expected true (open) or false (off)")),
    }
}

/// An instant, or a day, which stands for its first instant in UTC.
pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    read_instant(&text).map(Some).ok_or_else(|| D::Error::custom("expected an instant such as 2026-11-21T09:30:00Z"))
}

/// As [`instant`], from a text.
pub(crate) fn read_instant(text: &str) -> Option<Timestamp> {
    let day =
        || text.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().into());
    text.parse().ok().or_else(day)
}
