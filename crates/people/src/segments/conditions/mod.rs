//! The `where` grammar: what a segment asks of a contact.
//!
//! A [`Where`] is read from JSON by [`Where::from_json`], which checks everything there is to check
//! and names the place of an error (`where.and[2].op: …`). What comes out is valid by construction:
//! bounded in depth and size, every operand of a type its operator understands. docs/reference/segments.md
//! is the description for people.

mod compare;
mod field;
mod moment;
mod parse;
mod path;
mod render;

use std::fmt;

use kernel::{CampaignId, Timestamp};
use serde_json::Value as Json;

pub use compare::{Bound, Operand, Scalar, Test};
pub use field::{Field, StandardField};
pub use moment::{Moment, read_moment};
pub(crate) use path::Path;
pub use path::SegmentError;

/// Groups may nest this deep.
pub const MAX_DEPTH: usize = 20;
/// A condition may have this many groups and conditions altogether.
pub const MAX_NODES: usize = 500;
/// `in` and `not_in` take this many values.
pub const MAX_VALUES: usize = 1000;
/// A text operand may have this many characters.
pub const MAX_TEXT: usize = 500;
/// Counts of events are compared up to this number.
pub const MAX_COUNT: u16 = 60_000;
/// Windows reach back this many days (a century).
pub const MAX_DAYS: u32 = 36_525;

/// A valid segment condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Where {
    root: Node,
}

impl Where {
    /// The condition that everyone meets: `{}`.
    pub const fn everyone() -> Self {
        Self { root: Node::Everyone }
    }

    /// The personal fields that the condition looks at, by the names content uses (`company`, or an
    /// attribute's key).
    pub fn fields(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.root.fields(&mut out);
        out.sort();
        out.dedup();
        out
    }

    /// Reads a condition; errors carry the path below `where`.
    pub fn from_json(json: &Json) -> Result<Self, SegmentError> {
        parse::parse(json).map(|root| Self { root })
    }

    /// Wraps a tree that was built in code from valid parts.
    pub const fn new(root: Node) -> Self {
        Self { root }
    }

    /// The outermost group or condition.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// The condition as JSON that [`Where::from_json`] reads back to an equal condition.
    pub fn to_json(&self) -> Json {
        render::to_json(&self.root)
    }

    /// The same condition with tags of these keys named otherwise.
    #[must_use]
    pub fn with_tag(&self, keys: &[LabelKey], name: &str) -> Self {
        Self { root: self.root.with_tag(keys, name) }
    }

    /// The same condition with every tag and topic key replaced by what `key` answers for it
    /// (a name by an id, say); `None` leaves the key as it is.
    #[must_use]
    pub fn with_keys(&self, key: &dyn Fn(LabelKind, &LabelKey) -> Option<LabelKey>) -> Self {
        Self { root: self.root.with_keys(key) }
    }
}

impl serde::Serialize for Where {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Where {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).map_err(serde::de::Error::custom)
    }
}

/// A group or a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Holds for every contact; only `{}` at the root reads as this.
    Everyone,
    /// Holds when all parts hold.
    And(Vec<Node>),
    /// Holds when at least one part holds.
    Or(Vec<Node>),
    /// Holds when its part does not.
    Not(Box<Node>),
    /// A condition on one value of the contact.
    Field(FieldCondition),
    /// The contact has the tag.
    Tag(Label),
    /// The contact is in the topic with the given state.
    Topic(TopicCondition),
    /// The number of matching events lies within bounds.
    Event(EventCondition),
}

impl Node {
    fn fields(&self, out: &mut Vec<String>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.fields(out)),
            Self::Not(part) => part.fields(out),
            Self::Field(condition) => out.push(match &condition.field {
                Field::Standard(StandardField::EmailDomain) => "email".to_owned(),
                Field::Standard(field) => field.as_str().to_owned(),
                Field::Attribute(name) => name.to_string(),
            }),
            Self::Everyone | Self::Tag(_) | Self::Topic(_) | Self::Event(_) => {}
        }
    }

    fn with_tag(&self, keys: &[LabelKey], name: &str) -> Self {
        let all = |parts: &[Self]| parts.iter().map(|part| part.with_tag(keys, name)).collect();
        match self {
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::Not(part) => Self::Not(Box::new(part.with_tag(keys, name))),
            Self::Tag(tag) if keys.contains(&tag.key) => Self::Tag(Label::new(name)),
            other => other.clone(),
        }
    }

    fn with_keys(&self, key: &dyn Fn(LabelKind, &LabelKey) -> Option<LabelKey>) -> Self {
        let all = |parts: &[Self]| parts.iter().map(|part| part.with_keys(key)).collect();
        match self {
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::Not(part) => Self::Not(Box::new(part.with_keys(key))),
            Self::Tag(tag) => Self::Tag(tag.with_key(key(LabelKind::Tag, &tag.key))),
            Self::Topic(TopicCondition { topic, state }) => {
                let topic = topic.with_key(key(LabelKind::Topic, &topic.key));
                Self::Topic(TopicCondition { topic, state: *state })
            }
            other => other.clone(),
        }
    }
}

/// `{"field": …, "op": …, "value": …}`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldCondition {
    /// Whose value is looked at.
    pub field: Field,
    /// What is asked of it.
    pub test: Test,
}

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKind {
    /// A tag.
    Tag,
    /// A topic.
    Topic,
}

/// A tag or topic as a condition names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name or id as written.
    pub written: Box<str>,
    /// What is compared.
    pub key: LabelKey,
}

impl Label {
    /// The label of a name or id.
    pub fn new(name_or_id: &str) -> Self {
        Self { written: name_or_id.into(), key: LabelKey::new(name_or_id) }
    }

    fn with_key(&self, key: Option<LabelKey>) -> Self {
        Self { written: self.written.clone(), key: key.unwrap_or_else(|| self.key.clone()) }
    }
}

/// The key of a tag or topic: its name folded for comparison, or its id.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelKey(Box<str>);

impl LabelKey {
    /// The key under which a name or id is found.
    pub fn new(name_or_id: &str) -> Self {
        Self(kernel::fold(name_or_id).into_boxed_str())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LabelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `{"topic": …, "state": …}`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicCondition {
    /// The topic.
    pub topic: Label,
    /// The state asked for.
    pub state: TopicState,
}

/// The state of a contact in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TopicState {
    /// Double opt-in asked for, not confirmed yet.
    Pending,
    /// In the topic.
    Subscribed,
    /// Left the topic.
    Unsubscribed,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// A message was handed over.
    Sent,
    /// The receiving side accepted it for good.
    Delivered,
    /// A message was opened.
    Opened,
    /// A link was clicked.
    Clicked,
    /// A message came back.
    Bounced,
    /// The person reported a message as spam.
    Complained,
    /// The person unsubscribed.
    Unsubscribed,
    /// The person joined a topic.
    Joined,
}

/// Who caused an open or a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum EventClass {
    /// A person. Events that no machine fakes (sent, joined …) are of this class, too.
    #[default]
    Human,
    /// Most likely a privacy proxy or a scanner.
    ProbableMachine,
    /// A machine.
    Machine,
}

macro_rules! codes {
    ($name:ident: $($variant:ident = $code:literal),+) => {
        impl $name {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code used in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codes!(TopicState: Pending = "pending", Subscribed = "subscribed", Unsubscribed = "unsubscribed");
codes!(EventKind: Sent = "sent", Delivered = "delivered", Opened = "opened", Clicked = "clicked", Bounced = "bounced",
    Complained = "complained", Unsubscribed = "unsubscribed", Joined = "joined");
codes!(EventClass: Human = "human", ProbableMachine = "probable_machine", Machine = "machine");

/// The campaign an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CampaignKey {
    /// One of ours.
    Id(CampaignId),
    /// A name from elsewhere (documents given to `explain`, history of another product).
    Name(Box<str>),
}

impl CampaignKey {
    /// The key for an id or name.
    pub fn new(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Name(text.into()), Self::Id)
    }
}

impl fmt::Display for CampaignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// `{"event": …, …}`: how many events of a kind lie in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct EventCondition {
    /// The kind of event.
    pub kind: EventKind,
    /// Only events of this campaign.
    pub campaign: Option<CampaignKey>,
    /// Count opens and clicks of (probable) machines, too.
    pub machine: bool,
    /// Only events of the last so many days, up to now.
    pub within_days: Option<u32>,
    /// Only events after this moment (after the whole day when it is a date).
    pub after: Option<Moment>,
    /// Only events before this moment.
    pub before: Option<Moment>,
    /// How many events there must be.
    pub count: CountBound,
}

/// Bounds of a count, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountBound {
    /// `never`: none at all.
    Never,
    /// `at_least` (1 when absent) and `at_most`; `at_most` alone admits zero.
    Between {
        /// The least number, when written.
        at_least: Option<u16>,
        /// The greatest number, when written.
        at_most: Option<u16>,
    },
}

impl CountBound {
    /// The least and greatest count that satisfy.
    pub const fn range(self) -> (u16, u16) {
        match self {
            Self::Never => (0, 0),
            Self::Between { at_least: None, at_most: None } => (1, u16::MAX),
            Self::Between { at_least, at_most } => {
                let low = if let Some(low) = at_least { low } else { 0 };
                let high = if let Some(high) = at_most { high } else { u16::MAX };
                (low, high)
            }
        }
    }
}

impl EventCondition {
    /// The window of instants as `from..to` in microseconds, seen from `now`.
    pub fn window(&self, now: Timestamp) -> (i64, i64) {
        let mut window = (i64::MIN, i64::MAX);
        if let Some(days) = self.within_days {
            window = (now.plus_micros(-i64::from(days) * Timestamp::DAY).0, now.0.saturating_add(1));
        }
        if let Some(after) = self.after {
            window.0 = window.0.max(after.end());
        }
        if let Some(before) = self.before {
            window.1 = window.1.min(before.start());
        }
        window
    }

    /// Whether events of `class` count.
    pub fn counts(&self, class: EventClass) -> bool {
        self.machine || class == EventClass::Human
    }
}
