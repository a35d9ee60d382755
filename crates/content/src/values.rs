//! The usual implementations of what rendering asks for.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, SegmentId};
use serde::{Deserialize, Serialize};

use crate::render::{Links, System, Values};

/// The merge values of one delivery: small, and sealed with it, so that the view in a browser
/// and an access answer show what was really sent.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MergeValues {
    /// Personal fields by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The tags among those that the template tests.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// The segments the person is in, among those that the template follows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub segments: BTreeSet<SegmentId>,
    /// Why this person is written to (first slot of the lawful notice).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl std::fmt::Debug for MergeValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MergeValues([pii])")
    }
}

/// What is the same for every recipient of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The sender's postal address.
    pub postal_address: String,
    /// The name in the From header.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// The topic's name.
    pub list_name: String,
    /// The reason for people who have none of their own.
    pub reason: Option<String>,
    /// The day of sending.
    pub today: Date,
}

/// A recipient's values together with the sender's.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// Of this person.
    pub values: &'a MergeValues,
    /// Of this message.
    pub sender: &'a Sender,
}

impl Values for Recipient<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        self.values.fields.get(name).map(String::as_str)
    }

    fn has_tag(&self, name: &str) -> bool {
        self.values.tags.contains(name)
    }

    fn in_segment(&self, id: SegmentId) -> bool {
        self.values.segments.contains(&id)
    }

    fn system(&self, value: System) -> Option<&str> {
        match value {
            System::PostalAddress => Some(&self.sender.postal_address),
            System::SenderName => Some(&self.sender.name),
            System::Organisation => Some(&self.sender.organisation),
            System::ListName => Some(&self.sender.list_name),
            System::NoticeReason => self.values.reason.as_deref().or(self.sender.reason.as_deref()),
        }
    }

    fn today(&self) -> Date {
        self.sender.today
    }
}

/// Links without tracking: original URLs and no pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainLinks {
    /// The unsubscribe page.
    pub unsubscribe: String,
    /// The preference centre.
    pub preferences: String,
    /// The view in a browser.
    pub view: String,
    /// Where pages and pictures begin, such as `https://mail.example.org`; may be empty in a browser.
    pub base: String,
}

impl Links for PlainLinks {
    fn link(&self, _number: u32, url: &str, out: &mut String) {
        out.push_str(url);
    }

    fn unsubscribe(&self, out: &mut String) {
        out.push_str(&self.unsubscribe);
    }

    fn preferences(&self, out: &mut String) {
        out.push_str(&self.preferences);
    }

    fn view(&self, out: &mut String) {
        out.push_str(&self.view);
    }

    fn base(&self, out: &mut String) {
        out.push_str(&self.base);
    }

    fn pixel(&self, _out: &mut String) -> bool {
        false
    }
}
