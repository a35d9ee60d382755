//! What a site loads and how it asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;
use crate::{Error, Result};

/// The longest a choice is remembered, in days: thirteen months.
const LONGEST_CHOICE: u16 = 396;
const MOST_SERVICES: usize = 200;
const MOST_HOSTS: usize = 50;
const LONGEST_TEXT: usize = 2000;

vocabulary! {
    /// What something is loaded for. Only the first needs no consent.
    Category as "cookie category" {
        /// What the visitor asked for cannot be given without it.
        Necessary = "necessary",
        /// It remembers what the visitor set.
        Preferences = "preferences",
        /// It counts visits.
        Statistics = "statistics",
        /// It follows visitors for advertising.
        Marketing = "marketing",
    }
}

impl Category {
    /// Its place in a choice: a bit for each category that needs consent.
    pub const fn bit(self) -> i64 {
        match self {
            Self::Necessary => 0,
            Self::Preferences => 1,
            Self::Statistics => 2,
            Self::Marketing => 4,
        }
    }
}

vocabulary! {
    /// Where the question stands on the page.
    Position as "position" {
        /// At its foot.
        Bottom = "bottom",
        /// In its middle.
        Center = "center",
    }
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb` or `#rgb`.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let wide: String = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let part = |at: usize| u8::from_str_radix(&wide[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// The relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(channel);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast between two colours, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever reads better on it; one of the two always has a contrast of 4.5 (WCAG 2.2).
    pub fn ink(self) -> &'static str {
        if self.luminance() > 0.179 { "#000000" } else { "#ffffff" }
    }
}

/// A cookie or a storage entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name; `*` at the end stands for any characters.
    pub name: String,
    /// How many days it stays; 0 until the browser is closed.
    #[serde(default)]
    pub days: u32,
}

/// Something that a site loads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub provider: String,
    /// What for.
    pub category: Category,
    /// What for, in words a visitor understands, in English.
    pub purpose_en: String,
    /// The same in Arabic.
    pub purpose_ar: String,
    /// What does not work without it, in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub without_en: String,
    /// The same in Arabic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub without_ar: String,
    /// Where it is loaded from: hosts that wait for consent; `.example.com` means all below it as well.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// What it leaves in the browser.
    #[serde(default)]
    pub entries: Vec<Entry>,
}

/// The site's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    /// Instead of the usual heading.
    pub title: String,
    /// Instead of the usual text.
    pub text: String,
}

/// What a site loads and how it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The site's hosts: only they may report choices. `.example.com` means all below it as well.
    pub hosts: Vec<String>,
    /// One choice for all hosts below this domain; each host by itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_domain: Option<String>,
    /// How long a choice is remembered, in days, 1 to 396.
    #[serde(default = "half_a_year")]
    pub days: u16,
    /// Where the question stands.
    #[serde(default = "bottom")]
    pub position: Position,
    /// The colour of the buttons, all of them.
    #[serde(default = "green")]
    pub colour: String,
    /// Where the site's privacy notice stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_url: Option<String>,
    /// What is loaded.
    #[serde(default)]
    pub services: Vec<Service>,
    /// The site's own words, by language (`en`, `ar`).
    #[serde(default)]
    pub texts: BTreeMap<String, Texts>,
}

const fn half_a_year() -> u16 {
    180
}

const fn bottom() -> Position {
    Position::Bottom
}

fn green() -> String {
    "#0b6e63".to_owned()
}

fn is_host(pattern: &str) -> bool {
    let name = pattern.strip_prefix('.').unwrap_or(pattern);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// Whether a host is meant by a pattern.
pub(crate) fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('.') {
        Some(base) => host == base || host.ends_with(pattern),
        None => host == pattern,
    }
}

fn wrong(field: &'static str, detail: &'static str) -> Error {
    Error::Invalid { field, detail }
}

fn is_text(text: &str, least: usize) -> bool {
    let length = text.trim().chars().count();
    (least..=LONGEST_TEXT).contains(&length) && !text.chars().any(|c| c.is_control() && c != '\n')
}

impl Service {
    fn check(&self) -> Result<()> {
        if !is_text(&self.name, 1) || !is_text(&self.provider, 1) {
            return Err(wrong("design.services.name", "a service has a name and a provider"));
        }
        if !is_text(&self.purpose_en, 1) || !is_text(&self.purpose_ar, 1) {
            return Err(wrong("design.services.purpose_en", "say in English and in Arabic what the service is for"));
        }
        if !is_text(&self.without_en, 0) || !is_text(&self.without_ar, 0) {
            return Err(wrong("design.services.without_en", "at most 2,000 characters"));
        }
        if self.hosts.len() > MOST_HOSTS || !self.hosts.iter().all(|host| is_host(host)) {
            return Err(wrong(
                "design.services.hosts",
                "hosts are written like cdn.example.com or .example.com, in lower case",
            ));
        }
        let named = |entry: &Entry| {
            let name = entry.name.strip_suffix('*').unwrap_or(&entry.name);
            (1..=256).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_graphic() && !b";=,*\"\\".contains(&byte))
        };
        if self.entries.len() > MOST_HOSTS || !self.entries.iter().all(named) {
            return Err(wrong("design.services.entries", "an entry has the name of a cookie; * only at its end"));
        }
        Ok(())
    }
}

impl Design {
    /// Whether a page on this host may report choices.
    pub fn is_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| covers(pattern, host))
    }

    /// Refuses what cannot be published.
    pub(super) fn check(&self) -> Result<()> {
        if self.hosts.is_empty() || self.hosts.len() > MOST_HOSTS || !self.hosts.iter().all(|host| is_host(host)) {
            return Err(wrong(
                "design.hosts",
                "name the site's hosts, like www.example.com or .example.com, in lower case",
            ));
        }
        if self.shared_domain.as_deref().is_some_and(|domain| !is_host(domain) || domain.starts_with('.')) {
            return Err(wrong("design.shared_domain", "a domain is written like example.com"));
        }
        if !(1..=LONGEST_CHOICE).contains(&self.days) {
            return Err(wrong("design.days", "a choice is remembered for 1 to 396 days"));
        }
        if Colour::read(&self.colour).is_none() {
            return Err(wrong("design.colour", "a colour is written #rrggbb"));
        }
        let is_web = |url: &String| (url.starts_with("https://") || url.starts_with('/')) && url.len() <= LONGEST_TEXT;
        if self.notice_url.as_ref().is_some_and(|url| !is_web(url)) {
            return Err(wrong("design.notice_url", "an address that begins with https:// or /"));
        }
        if self.services.len() > MOST_SERVICES {
            return Err(wrong("design.services", "at most 200 services"));
        }
        let spoken = |(language, texts): (&String, &Texts)| {
            ["en", "ar"].contains(&language.as_str()) && is_text(&texts.title, 0) && is_text(&texts.text, 0)
        };
        if !self.texts.iter().all(spoken) {
            return Err(wrong("design.texts", "words in en and ar, at most 2,000 characters each"));
        }
        self.services.iter().try_for_each(Service::check)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hosts_cover_what_they_say() {
        assert!(covers(".example.com", "example.com") && covers(".example.com", "a.b.example.com"));
        assert!(!covers(".example.com", "badexample.com") && !covers("example.com", "www.example.com"));
        for wrong in ["", ".", "Example.com", "exa mple.com", "a..b", "http://x", "*.x"] {
            assert!(!is_host(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn words_on_buttons_can_be_read(red: u8, green: u8, blue: u8) {
            let colour = Colour([red, green, blue]);
            let linear = |v: u8| { let v = f64::from(v) / 255.0; if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) } };
            let back = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
            let front = if colour.ink() == "#ffffff" { 1.0 } else { 0.0 };
            let ratio = (back.max(front) + 0.05) / (back.min(front) + 0.05);
            prop_assert!(ratio >= 4.5, "{ratio}");
        }

        #[test]
        fn any_text_for_a_colour_is_read_or_refused(text in ".{0,12}") {
            let _ = Colour::read(&text);
        }
    }
}
