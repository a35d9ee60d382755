//! When a form that comes up by itself does so: on which pages, for whom, upon what, and how often.

use serde::{Deserialize, Serialize};

/// The most entries of a list.
const MOST: usize = 20;
/// The longest entry, in characters.
const LONGEST: usize = 300;

/// What a form is on the page that embeds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Part of the page.
    #[default]
    Inline,
    /// A window over the page, which waits for an answer.
    Popup,
    /// A window at the page's corner.
    SlideIn,
    /// A bar at the page's foot.
    Bar,
}

/// How an entry is compared with the address of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// It stands somewhere in the address.
    Contains,
    /// It is the address, or its path.
    Equals,
    /// It stands nowhere in the address.
    NotContains,
}

/// A rule about pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRule {
    /// How it is compared.
    pub r#match: Match,
    /// With what.
    pub value: String,
}

/// On which devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// On all.
    #[default]
    All,
    /// Where the window is narrower than 768 pixels.
    Phone,
    /// Where it is at least that wide.
    Desktop,
}

/// For whom. Whether somebody was here before is known only where they allowed it to be remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visitors {
    /// For everybody.
    #[default]
    All,
    /// On somebody's first day.
    New,
    /// From the second day on.
    Returning,
}

/// Upon what it comes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// After so many seconds.
    Delay {
        /// 0 to 3600.
        seconds: u16,
    },
    /// When so much of the page was scrolled past.
    Scroll {
        /// 1 to 100.
        percent: u8,
    },
    /// When the pointer leaves the page at its top. Never where there is no pointer.
    Exit,
    /// When something on the page is pressed.
    Click {
        /// What, as a CSS selector.
        selector: String,
    },
}

/// How often it comes up by itself. What was answered or closed is remembered in the visitor's browser;
/// what was merely seen only where they allowed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "show", rename_all = "snake_case", deny_unknown_fields)]
pub enum Frequency {
    /// On every page.
    Always,
    /// Once.
    Once,
    /// Every so many days.
    Days {
        /// 1 to 365.
        days: u16,
    },
    /// On every page until somebody has signed up.
    UntilSubscribed,
}

/// When a form comes up by itself; an inline form is always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Display {
    /// On which pages: where one of the positive rules holds (or there is none) and no negative one does.
    pub pages: Vec<PageRule>,
    /// On which devices.
    pub device: Device,
    /// In which languages of the page, such as `ar`; in all when empty.
    pub languages: Vec<String>,
    /// Parts of the address that visitors come from; from anywhere when empty.
    pub referrers: Vec<String>,
    /// For whom.
    pub visitors: Visitors,
    /// Upon what.
    pub trigger: Trigger,
    /// How often.
    pub frequency: Frequency,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            device: Device::All,
            languages: Vec::new(),
            referrers: Vec::new(),
            visitors: Visitors::All,
            trigger: Trigger::Delay { seconds: 5 },
            frequency: Frequency::Days { days: 7 },
        }
    }
}

fn is_entry(text: &str) -> bool {
    (1..=LONGEST).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control)
}

impl Display {
    pub(super) fn check(&self, add: &mut dyn FnMut(String, &str)) {
        if self.pages.len() > MOST || !self.pages.iter().all(|rule| is_entry(&rule.value)) {
            add("display.pages".to_owned(), "at most 20 rules of 1 to 300 characters");
        }
        if self.referrers.len() > MOST || !self.referrers.iter().all(|part| is_entry(part)) {
            add("display.referrers".to_owned(), "at most 20 entries of 1 to 300 characters");
        }
        let is_tag = |tag: &String| tag.parse::<kernel::Locale>().is_ok();
        if self.languages.len() > MOST || !self.languages.iter().all(is_tag) {
            add("display.languages".to_owned(), "languages are written like ar or en");
        }
        match &self.trigger {
            Trigger::Delay { seconds } if *seconds > 3600 => {
                add("display.trigger".to_owned(), "from 0 to 3600 seconds");
            }
            Trigger::Scroll { percent } if !(1..=100).contains(percent) => {
                add("display.trigger".to_owned(), "from 1 to 100 percent");
            }
            Trigger::Click { selector } if !is_entry(selector) => {
                add("display.trigger".to_owned(), "a CSS selector of 1 to 300 characters");
            }
            _ => {}
        }
        if matches!(self.frequency, Frequency::Days { days } if !(1..=365).contains(&days)) {
            add("display.frequency".to_owned(), "from 1 to 365 days");
        }
    }
}
