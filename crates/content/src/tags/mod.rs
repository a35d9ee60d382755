//! The one meaning behind both notations: values to print and conditions to test.

pub(crate) mod mailchimp;
pub(crate) mod own;

use std::sync::Arc;

use kernel::{Date, SegmentId};

use crate::dates::Format;
use crate::render::{System, Values};
use crate::source::FindingCode;

/// Why a tag cannot be read.
pub(crate) struct Wrong {
    pub code: FindingCode,
    pub detail: String,
}

impl Wrong {
    pub(crate) fn missing_fallback(detail: String) -> Self {
        Self { code: FindingCode::MissingFallback, detail }
    }

    pub(crate) fn unknown_field(detail: String) -> Self {
        Self { code: FindingCode::UnknownField, detail }
    }
}

impl From<String> for Wrong {
    fn from(detail: String) -> Self {
        Self { code: FindingCode::TagSyntax, detail }
    }
}

impl From<&str> for Wrong {
    fn from(detail: &str) -> Self {
        detail.to_owned().into()
    }
}

/// Where a printed value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Field(String),
    Literal(String),
    System(System),
    Subject,
    Preheader,
    Today,
    Year,
    Unsubscribe,
    Preferences,
    View,
    /// Where the pages of this Barid begin, such as `https://mail.example.org`; only Barid writes it.
    Base,
    NoticeProcessing,
    NoticeRights,
}

impl Origin {
    pub(crate) fn is_url(&self) -> bool {
        matches!(self, Self::Unsubscribe | Self::Preferences | Self::View | Self::Base)
    }
}

/// A change of letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Upper,
    Lower,
    Title,
}

/// A value to print: its origin and what is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub origin: Origin,
    pub fallback: Option<String>,
    pub required: bool,
    pub case: Option<Case>,
    pub date: Option<Format>,
}

impl From<Origin> for Value {
    fn from(origin: Origin) -> Self {
        Self { origin, fallback: None, required: false, case: None, date: None }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Constant(bool),
    Present(String),
    Tag(String),
    /// Whether the person is in a saved segment, as it is when the message is written.
    Segment(SegmentId),
    Compare(String, Compare, String),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

impl Condition {
    /// Whether the condition holds for a recipient. A missing value equals nothing and is in no order.
    pub(crate) fn holds(&self, values: &dyn Values) -> bool {
        match self {
            Self::Constant(answer) => *answer,
            Self::Present(field) => present(values, field).is_some(),
            Self::Tag(name) => values.has_tag(name),
            Self::Segment(id) => values.in_segment(*id),
            Self::Compare(field, how, with) => compare(present(values, field), *how, with),
            Self::Not(inner) => !inner.holds(values),
            Self::And(a, b) => a.holds(values) && b.holds(values),
            Self::Or(a, b) => a.holds(values) || b.holds(values),
        }
    }

    /// Calls back with every field and every tag that is read.
    pub(crate) fn reads(&self, field: &mut dyn FnMut(&str), tag: &mut dyn FnMut(&str)) {
        match self {
            Self::Constant(_) | Self::Segment(_) => {}
            Self::Present(name) | Self::Compare(name, ..) => field(name),
            Self::Tag(name) => tag(name),
            Self::Not(inner) => inner.reads(field, tag),
            Self::And(a, b) | Self::Or(a, b) => {
                a.reads(field, tag);
                b.reads(field, tag);
            }
        }
    }

    /// Calls back with every segment that is asked for.
    pub(crate) fn follows(&self, segment: &mut dyn FnMut(SegmentId)) {
        match self {
            Self::Segment(id) => segment(*id),
            Self::Not(inner) => inner.follows(segment),
            Self::And(a, b) | Self::Or(a, b) => {
                a.follows(segment);
                b.follows(segment);
            }
            Self::Constant(_) | Self::Present(_) | Self::Tag(_) | Self::Compare(..) => {}
        }
    }
}

/// The field's value unless it is blank.
pub(crate) fn present<'a>(values: &'a dyn Values, field: &str) -> Option<&'a str> {
    values.field(field).map(str::trim).filter(|value| !value.is_empty())
}

fn compare(value: Option<&str>, how: Compare, with: &str) -> bool {
    let Some(value) = value else {
        return how == Compare::Different;
    };
    if how == Compare::Contains {
        return value.to_lowercase().contains(&with.to_lowercase());
    }
    let order = match (value.parse::<f64>(), with.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.partial_cmp(&b),
        _ => Some(value.cmp(with)),
    };
    let Some(order) = order else { return how == Compare::Different };
    match how {
        Compare::Equal => order.is_eq(),
        Compare::Different => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::LessOrEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterOrEqual => order.is_ge(),
        Compare::Contains => false,
    }
}

/// One merge tag of a template, whatever its notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    Value(Value),
    /// The three slots of the lawful notice, one after the other.
    Notice,
    If(Condition),
    ElseIf(Condition),
    Else,
    EndIf,
    /// Where the pixel goes; put there by Barid, not by authors.
    Pixel,
    /// Here begins the block of a design with this id; put there by Barid.
    Block(Arc<str>),
}

impl Tag {
    pub(crate) fn is_control(&self) -> bool {
        matches!(self, Self::If(_) | Self::ElseIf(_) | Self::Else | Self::EndIf | Self::Block(_))
    }
}

/// The names that are not personal fields.
pub(crate) fn system(name: &str) -> Option<Tag> {
    let origin = match name {
        "unsubscribe_url" | "unsubscribe_link" => Origin::Unsubscribe,
        "preferences_url" | "preferences_link" => Origin::Preferences,
        "view_url" | "view_in_browser_url" => Origin::View,
        "postal_address" => Origin::System(System::PostalAddress),
        "sender_name" => Origin::System(System::SenderName),
        "organisation" | "organization" => Origin::System(System::Organisation),
        "list_name" | "topic_name" => Origin::System(System::ListName),
        "subject" => Origin::Subject,
        "preheader" => Origin::Preheader,
        "today" => Origin::Today,
        "current_year" => Origin::Year,
        "notice_reason" => Origin::System(System::NoticeReason),
        "notice_processing" => Origin::NoticeProcessing,
        "notice_rights" => Origin::NoticeRights,
        "lawful_notice" => return Some(Tag::Notice),
        _ => return None,
    };
    Some(Tag::Value(origin.into()))
}

/// The day that a stored text means, when it starts with an ISO 8601 date.
pub(crate) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}
