//! Which zone a TZID means. Names win over what the calendar says about them: an inline VTIMEZONE is
//! often old or wrong, and is believed only when nothing else tells.

use std::collections::HashMap;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::lines::Line;
use super::when;
use super::windows::WINDOWS;

/// One STANDARD or DAYLIGHT part of a VTIMEZONE.
#[derive(Debug, Clone)]
struct Part {
    daylight: bool,
    from: Option<DateTime>,
    before: i32,
    offset: i32,
    /// Month (1-12), ordinal (1-4, or -1 for the last) and weekday (Sunday 0) on which it begins every year.
    yearly: Option<(u8, i8, u8)>,
}

/// A VTIMEZONE while it is read.
#[derive(Debug, Default)]
pub(super) struct Inline {
    id: String,
    location: Option<String>,
    parts: Vec<Part>,
}

/// The zones that a calendar describes itself.
#[derive(Debug, Default)]
pub(super) struct Zones {
    inline: HashMap<String, TimeZone>,
    known: HashMap<String, Option<TimeZone>>,
}

/// Parts of a VTIMEZONE and zones of a calendar that are looked at.
const MOST: usize = 256;

fn offset_seconds(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |two| two.parse::<i32>().ok());
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4)?;
    (seconds < 86_400).then_some(sign * seconds)
}

/// `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU`, the only form that has an equal in POSIX TZ strings.
fn yearly(rule: &str) -> Option<(u8, i8, u8)> {
    let (mut month, mut day) = (None, None);
    for part in rule.split(';') {
        match part.split_once('=')? {
            ("FREQ", "YEARLY") | ("WKST", _) => {}
            ("BYMONTH", value) => month = value.parse().ok().filter(|month| (1..=12).contains(month)),
            ("BYDAY", value) => {
                let value = value.trim();
                let cut = value.len().checked_sub(2)?;
                let ordinal: i8 = value.get(..cut)?.trim_start_matches('+').parse().ok()?;
                let names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
                let weekday = names.iter().position(|name| Some(*name) == value.get(cut..))? as u8;
                day = matches!(ordinal, -1 | 1..=4).then_some((ordinal, weekday));
            }
            // UNTIL, too: an end in the past only says that the zone changed its mind since.
            _ => return None,
        }
    }
    let (ordinal, weekday) = day?;
    Some((month?, ordinal, weekday))
}

/// An offset as POSIX writes it: hours west of Greenwich.
fn posix_offset(seconds: i32) -> String {
    let west = -seconds;
    let sign = if west < 0 { "-" } else { "" };
    let west = west.abs();
    format!("{sign}{}:{:02}:{:02}", west / 3600, west / 60 % 60, west % 60)
}

fn posix_rule(part: &Part) -> Option<String> {
    let (month, ordinal, weekday) = part.yearly?;
    let week = if ordinal < 0 { 5 } else { ordinal };
    let at = part.from?.time();
    Some(format!("M{month}.{week}.{weekday}/{}:{:02}:{:02}", at.hour(), at.minute(), at.second()))
}

impl Inline {
    /// A property of the VTIMEZONE itself or (in `part`) of one of its observances.
    pub(super) fn property(&mut self, line: &Line, in_part: bool) {
        if !in_part {
            match line.name.as_str() {
                "TZID" => line.value.trim().clone_into(&mut self.id),
                "X-LIC-LOCATION" => self.location = Some(line.value.trim().to_owned()),
                _ => {}
            }
            return;
        }
        let Some(part) = self.parts.last_mut() else { return };
        match line.name.as_str() {
            "DTSTART" => part.from = when::when(&line.value, None).map(|when| when.civil()),
            "TZOFFSETTO" => part.offset = offset_seconds(&line.value).unwrap_or(part.offset),
            "TZOFFSETFROM" => part.before = offset_seconds(&line.value).unwrap_or(part.before),
            "RRULE" => part.yearly = yearly(&line.value.trim().to_ascii_uppercase()),
            _ => {}
        }
    }

    /// A STANDARD or DAYLIGHT begins.
    pub(super) fn begin(&mut self, daylight: bool) {
        if self.parts.len() < MOST {
            self.parts.push(Part { daylight, from: None, before: 0, offset: 0, yearly: None });
        }
    }

    /// The zone by its rule of today: the newest observances decide.
    fn zone(&self) -> Option<TimeZone> {
        if let Some(zone) = self.location.as_deref().and_then(named) {
            return Some(zone);
        }
        let newest = |daylight: bool| {
            self.parts
                .iter()
                .filter(|part| part.daylight == daylight)
                .max_by_key(|part| (part.yearly.is_some(), part.from))
        };
        let standard = newest(false).or_else(|| self.parts.last())?;
        if let Some(daylight) = newest(true)
            && let (Some(to_daylight), Some(to_standard)) = (posix_rule(daylight), posix_rule(standard))
        {
            let posix = format!(
                "STD{}DST{},{to_daylight},{to_standard}",
                posix_offset(standard.offset),
                posix_offset(daylight.offset)
            );
            if let Ok(zone) = TimeZone::posix(&posix) {
                return Some(zone);
            }
        }
        Offset::from_seconds(standard.offset).ok().map(Offset::to_time_zone)
    }
}

/// A zone by a name that IANA or Windows knows, also behind a vendor's prefix.
fn named(id: &str) -> Option<TimeZone> {
    let id = id.trim().trim_matches('"').trim();
    if id.is_empty() || id.len() > 200 {
        return None;
    }
    let iana = |name: &str| {
        let looks = name.bytes().all(|c| c.is_ascii_alphanumeric() || b"/_+-".contains(&c));
        looks.then(|| TimeZone::get(name).ok()).flatten().filter(|zone| !zone.is_unknown())
    };
    if let Some(zone) = iana(id) {
        return Some(zone);
    }
    if let Ok(index) = WINDOWS.binary_search_by_key(&id, |row| row.0) {
        return iana(WINDOWS[index].1);
    }
    // `/freeassociation.sourceforge.net/Europe/Berlin`, `/mozilla.org/20070129_1/America/Argentina/Ushuaia`
    let mut rest = id;
    while let Some((_, tail)) = rest.split_once('/') {
        if let Some(zone) = tail.contains('/').then(|| iana(tail)).flatten() {
            return Some(zone);
        }
        rest = tail;
    }
    // `tzone://Microsoft/Utc`, and names of Windows in another case
    if id.eq_ignore_ascii_case("tzone://Microsoft/Utc") || id.eq_ignore_ascii_case("utc") || id == "Z" {
        return Some(TimeZone::UTC);
    }
    WINDOWS.iter().find(|row| row.0.eq_ignore_ascii_case(id)).and_then(|row| iana(row.1))
}

/// `(UTC+01:00) Amsterdam, Berlin`, `GMT +0200`: the offset that a name states.
fn stated(id: &str) -> Option<TimeZone> {
    let start = id.find("UTC").or_else(|| id.find("GMT"))? + 3;
    let rest: String = id[start..].trim_start().chars().take_while(|c| "+-:0123456789".contains(*c)).collect();
    let digits = rest.replace(':', "");
    let padded = if digits.len() == 3 { format!("{}0{}00", &digits[..1], &digits[1..2]) } else { digits };
    let padded = if padded.len() == 2 { format!("{}0{}00", &padded[..1], &padded[1..]) } else { padded };
    Offset::from_seconds(offset_seconds(&padded)?).ok().map(Offset::to_time_zone)
}

impl Zones {
    /// Keeps a VTIMEZONE that was read.
    pub(super) fn keep(&mut self, inline: &Inline) {
        if !inline.id.is_empty()
            && self.inline.len() < MOST
            && let Some(zone) = inline.zone()
        {
            self.inline.insert(inline.id.clone(), zone);
            self.known.remove(&inline.id);
        }
    }

    /// The zone that a TZID means; `None` when nobody can tell.
    pub(super) fn get(&mut self, id: &str) -> Option<TimeZone> {
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let zone = named(id).or_else(|| self.inline.get(id).cloned()).or_else(|| stated(id));
        if self.known.len() < MOST {
            self.known.insert(id.to_owned(), zone.clone());
        }
        zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_names_are_sorted_and_known() {
        assert!(WINDOWS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (windows, iana) in WINDOWS {
            assert!(named(windows).is_some(), "{windows} -> {iana}");
        }
    }

    #[test]
    fn names_of_vendors() {
        for (id, iana) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("\"Europe/Berlin\"", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            ("/mozilla.org/20070129_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
            ("/citadel.org/20210210_1/Asia/Riyadh", "Asia/Riyadh"),
            ("Arab Standard Time", "Asia/Riyadh"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("eastern standard time", "America/New_York"),
        ] {
            assert_eq!(named(id).and_then(|zone| zone.iana_name().map(str::to_owned)).as_deref(), Some(iana), "{id}");
        }
        for id in ["", "Mars/Olympus", "Customized Time Zone", "../../etc/passwd", "Europe/Berlin\0"] {
            assert!(named(id).is_none(), "{id}");
        }
        assert_eq!(stated("(UTC+05:30) Chennai").and_then(|z| z.to_fixed_offset().ok()).unwrap().seconds(), 19_800);
        assert_eq!(stated("GMT -3").and_then(|z| z.to_fixed_offset().ok()).unwrap().seconds(), -10_800);
        assert!(stated("GMT").is_none());
    }

    #[test]
    fn an_inline_zone_is_the_last_resort() {
        let mut inline = Inline { id: "Custom".into(), ..Inline::default() };
        for (daylight, start, to, rule) in [
            (false, "19701025T030000", "+0100", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
            (true, "19700329T020000", "+0200", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
        ] {
            inline.begin(daylight);
            for line in [format!("DTSTART:{start}"), format!("TZOFFSETTO:{to}"), format!("RRULE:{rule}")] {
                inline.property(&Line::read(&line).unwrap(), true);
            }
        }
        let mut zones = Zones::default();
        zones.keep(&inline);
        let zone = zones.get("Custom").unwrap();
        let at = |text: &str| when::when(text, Some(&zone)).unwrap().instant(&TimeZone::UTC).unwrap().to_string();
        assert_eq!(at("20260115T120000"), "2026-01-15T11:00:00Z");
        assert_eq!(at("20260715T120000"), "2026-07-15T10:00:00Z");
        // A name that is known is never overruled.
        let lie = Inline { id: "Asia/Riyadh".into(), ..inline };
        zones.keep(&lie);
        assert_eq!(zones.get("Asia/Riyadh").unwrap().iana_name(), Some("Asia/Riyadh"));
        assert!(zones.get("Nowhere").is_none());
    }
}
