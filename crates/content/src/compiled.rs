//! A compiled message: what renders it, and what can be told about it without a recipient.

use kernel::{Direction, Locale, SegmentId};
use serde::Serialize;

use crate::dates::Format;
use crate::render::Op;
use crate::source::{FindingCode, Part, Severity, TemplateProblem};
use crate::tags::{Condition, Value};

/// Something that the law or the format asks a message to contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// The link to unsubscribe.
    UnsubscribeLink,
    /// The sender's postal address.
    PostalAddress,
    /// Lawful notice, first slot: why this person is written to.
    NoticeReason,
    /// Lawful notice, second slot: which data are processed and what for.
    NoticeProcessing,
    /// Lawful notice, third slot: how to see, change or delete them.
    NoticeRights,
}

impl Element {
    /// What every marketing message needs.
    pub const MARKETING: &'static [Self] = &[Self::UnsubscribeLink, Self::PostalAddress];
    /// What a message on legitimate interest needs besides.
    pub const LEGITIMATE_INTEREST: &'static [Self] =
        &[Self::UnsubscribeLink, Self::PostalAddress, Self::NoticeReason, Self::NoticeProcessing, Self::NoticeRights];

    /// What the element is for people, for problems.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnsubscribeLink => "the unsubscribe link, {{ unsubscribe_url }}",
            Self::PostalAddress => "the postal address, {{ postal_address }}",
            Self::NoticeReason => "the notice's slot \"why you\", {{ notice_reason }}",
            Self::NoticeProcessing => "the notice's slot \"what we process\", {{ notice_processing }}",
            Self::NoticeRights => "the notice's slot \"how to change or delete\", {{ notice_rights }}",
        }
    }

    /// What a code such as `notice_reason:html` says is missing, and in which part.
    pub fn explain(code: &str) -> Option<String> {
        let element = Self::LEGITIMATE_INTEREST
            .iter()
            .find(|element| element.missing_in(true) == code || element.missing_in(false) == code)?;
        let part = if element.missing_in(true) == code { "HTML part" } else { "text part" };
        Some(format!("{} is missing or hidden in the {part}", element.label()))
    }

    /// The name of the element missing in the HTML part or in the text part.
    pub const fn missing_in(self, html: bool) -> &'static str {
        match (self, html) {
            (Self::UnsubscribeLink, true) => "unsubscribe_link:html",
            (Self::UnsubscribeLink, false) => "unsubscribe_link:text",
            (Self::PostalAddress, true) => "postal_address:html",
            (Self::PostalAddress, false) => "postal_address:text",
            (Self::NoticeReason, true) => "notice_reason:html",
            (Self::NoticeReason, false) => "notice_reason:text",
            (Self::NoticeProcessing, true) => "notice_processing:html",
            (Self::NoticeProcessing, false) => "notice_processing:text",
            (Self::NoticeRights, true) => "notice_rights:html",
            (Self::NoticeRights, false) => "notice_rights:text",
        }
    }
}

/// Which elements stand in which part, for everybody (not inside a conditional or a comment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elements {
    html: u8,
    text: u8,
}

impl Elements {
    pub(crate) fn add(&mut self, element: Element, html: bool) {
        let part = if html { &mut self.html } else { &mut self.text };
        *part |= 1 << element as u8;
    }

    /// Whether the HTML part has it.
    pub fn in_html(self, element: Element) -> bool {
        self.html & (1 << element as u8) != 0
    }

    /// Whether the text part has it.
    pub fn in_text(self, element: Element) -> bool {
        self.text & (1 << element as u8) != 0
    }

    /// The names of what is missing of `required`, part by part (`postal_address_text`).
    pub fn missing(self, required: &[Element]) -> Vec<&'static str> {
        let mut out = Vec::new();
        for &element in required {
            if !self.in_html(element) {
                out.push(element.missing_in(true));
            }
            if !self.in_text(element) {
                out.push(element.missing_in(false));
            }
        }
        out
    }
}

/// A link whose clicks can be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Its number, from 0 in order of first appearance; the same for the same URL in both parts.
    pub number: u32,
    /// The URL as written, merge tags included.
    pub url: String,
    /// Whether it differs from person to person.
    pub dynamic: bool,
    /// The block of a design that it stands in; links of different blocks have numbers of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}

/// A saved segment that a template asks for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The segment.
    pub segment: SegmentId,
    /// The text that asks for it.
    pub part: Part,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The place in a design, as a JSON pointer.
    pub at: Option<String>,
}

impl Followed {
    /// What there is to say when the segment is gone.
    pub fn gone(&self) -> TemplateProblem {
        TemplateProblem {
            severity: Severity::Error,
            code: FindingCode::UnknownSegment,
            part: self.part,
            line: self.line,
            column: self.column,
            at: self.at.clone(),
            detail: "this is shown to a saved segment that is gone: choose another one, or restore it from the bin"
                .to_owned(),
        }
    }
}

/// A compiled message in one language. Cheap to share, immutable.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    pub(crate) literals: String,
    pub(crate) values: Vec<Value>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) subject: Vec<Op>,
    pub(crate) preheader: Vec<Op>,
    pub(crate) html: Vec<Op>,
    pub(crate) text: Vec<Op>,
    pub(crate) links: Vec<Link>,
    pub(crate) fields: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) follows: Vec<Followed>,
    pub(crate) elements: Elements,
    pub(crate) warnings: Vec<TemplateProblem>,
    pub(crate) unfinished: Vec<TemplateProblem>,
    pub(crate) direction: Direction,
    pub(crate) language: Locale,
    pub(crate) arabic: bool,
    pub(crate) long: Format,
    pub(crate) year: Format,
}

impl Compiled {
    /// Which required elements stand in which part.
    pub fn elements(&self) -> Elements {
        self.elements
    }

    /// The personal fields that the template reads, to print or to test.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The tags (of people) that the template tests.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The saved segments that the template follows, each where it is first asked for.
    pub fn follows(&self) -> &[Followed] {
        &self.follows
    }

    /// The links whose clicks can be counted, each with the block of a design that it stands in. Not among them: unsubscribe, preferences, view in
    /// browser, `mailto:`, `tel:` and anchors.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What an author should know but need not change.
    pub fn warnings(&self) -> &[TemplateProblem] {
        &self.warnings
    }

    /// What a draft may still lack but must have before it is sent: descriptions of pictures, links.
    pub fn unfinished(&self) -> &[TemplateProblem] {
        &self.unfinished
    }

    /// The direction of the layout.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The language of the content (for `Content-Language`).
    pub fn language(&self) -> &Locale {
        &self.language
    }
}
