use std::collections::BTreeMap;

use ::people::segments::conditions::EventKind;
use content::{Source, Variants};
use kernel::{Email, Locale, Problem, SegmentId, SequenceId, Timestamp, TopicId};
use outbound::Sender;
use privacy::vocabulary::Purpose;
use serde::{Deserialize, Serialize};
use store::{Error as StoreError, FromRow, Row};

use super::window::Window;
use crate::prospecting::{Prospecting, Stated};

/// The fewest and the most messages of a sequence.
const STEPS: std::ops::RangeInclusive<usize> = 2..=10;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The state with this code.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    /// Where a sequence stands.
    SequenceState {
        /// Can be edited.
        Draft = "draft",
        /// People are enrolled and written to as they become due.
        Running = "running",
        /// Held by a member.
        Paused = "paused",
        /// Everybody has come to an end; people enrolled later set it running again.
        Ended = "ended",
        /// Stopped for good.
        Stopped = "stopped",
    }
}

codes! {
    /// Where a person stands in a sequence.
    PersonState {
        /// Waits for the next message.
        Waiting = "waiting",
        /// The next message is on its way.
        Sending = "sending",
        /// An answer has to be read by a human first.
        Paused = "paused",
        /// Got every message.
        Completed = "completed",
        /// Ended early; the reason says why.
        Stopped = "stopped",
    }
}

/// One message of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Days after the message before (for the first one: after enrolment).
    pub wait_days: u32,
    /// The content.
    pub content: Source,
    /// The content in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<Locale, Source>,
}

impl Step {
    /// `notice`: whether the sequence rests on legitimate interest.
    pub(super) fn variants(&self, notice: bool) -> Variants {
        let variants = Variants { default: self.content.clone(), by_language: self.variants.clone() };
        variants.with_notice(notice)
    }
}

/// What an author decides about a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceDraft {
    /// Its name, for members.
    pub name: String,
    /// The display name of the sender.
    pub from_name: String,
    /// The address of the sender.
    pub from_email: Email,
    /// Where answers go. Answers that do not come back here stop nobody.
    #[serde(default)]
    pub reply_to: Option<Email>,
    /// Who is enrolled: subscribers of this topic …
    pub topic: TopicId,
    /// … who are in this segment.
    #[serde(default)]
    pub segment: Option<SegmentId>,
    /// What a sequence to prospects states; absent for people who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prospecting: Option<Prospecting>,
    /// Why each person is written to, with merge tags.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether opens and clicks of people with the tracking purpose are counted.
    #[serde(default)]
    pub track: bool,
    /// Its messages.
    pub steps: Vec<Step>,
    /// When messages may leave; at any hour when absent.
    #[serde(default)]
    pub window: Option<Window>,
    /// Messages after which it ends for a person who did not react; all of them when absent.
    #[serde(default)]
    pub max_touches: Option<u32>,
    /// It ends for people who get this tag …
    #[serde(default)]
    pub goal_tag: Option<String>,
    /// … or to whom this happens after enrolment, such as `clicked` or `joined`.
    #[serde(default)]
    pub goal_event: Option<String>,
    /// Whether follow-ups appear as answers to the first message.
    #[serde(default)]
    pub thread: bool,
    /// Days by which an automatic reply postpones the next message.
    #[serde(default = "three")]
    pub postpone_days: u32,
}

const fn three() -> u32 {
    3
}

impl SequenceDraft {
    pub(super) fn sender(&self) -> Sender {
        Sender { name: self.from_name.clone(), email: self.from_email.clone(), reply_to: self.reply_to.clone() }
    }

    /// Whether it rests on legitimate interest, so that its mail carries the lawful notice.
    pub(super) fn carries_notice(&self) -> bool {
        self.prospecting.is_some() || self.reason.is_some()
    }

    pub(super) fn stated(&self) -> Stated<'_> {
        Stated {
            prospecting: self.prospecting.as_ref(),
            segment: self.segment,
            reason: self.reason.as_deref(),
            purpose: &Purpose::MARKETING,
        }
    }

    pub(super) fn event(&self) -> Option<EventKind> {
        self.goal_event.as_deref().and_then(EventKind::from_code)
    }

    pub(super) fn check(&self) -> Result<(), Problem> {
        if self.name.trim().is_empty() || self.name.chars().count() > 200 {
            return Err(Problem::field("name", "give the sequence a name of at most 200 characters"));
        }
        if self.from_name.chars().count() > 100 || self.from_name.chars().any(char::is_control) {
            return Err(Problem::field("from", "a display name has at most 100 characters and no line breaks"));
        }
        if self.from_email.needs_smtputf8() {
            return Err(Problem::field("from", "a sender's address needs an ASCII name before the @"));
        }
        if !STEPS.contains(&self.steps.len()) {
            return Err(Problem::field("steps", "a sequence has 2 to 10 messages"));
        }
        for (at, step) in self.steps.iter().enumerate() {
            if step.wait_days > 90 || (at > 0 && step.wait_days == 0) {
                let detail = "a message follows after 1 to 90 days; the first one may leave at once";
                return Err(Problem::field(format!("steps[{at}].wait_days"), detail));
            }
        }
        if self.max_touches.is_some_and(|most| !(1..=10).contains(&most)) {
            return Err(Problem::field("max_touches", "1 to 10 messages"));
        }
        if !(1..=60).contains(&self.postpone_days) {
            return Err(Problem::field("postpone_days", "1 to 60 days"));
        }
        if self.goal_event.is_some() && self.event().is_none() {
            return Err(Problem::field("goal_event", "expected an event such as clicked or joined"));
        }
        if let Some(window) = &self.window {
            window.check()?;
        }
        self.stated().check()
    }
}

/// A sequence.
#[derive(Debug, Clone, Serialize)]
pub struct Sequence {
    /// The sequence.
    pub id: SequenceId,
    /// Where it stands.
    pub state: SequenceState,
    /// What its author decided.
    #[serde(flatten)]
    pub draft: SequenceDraft,
    /// Counts changes of the draft.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When everybody had come to an end.
    pub ended_at: Option<Timestamp>,
}

impl FromRow for Sequence {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            state: SequenceState::parse(&row.take::<String>()?).ok_or(StoreError::Column("sequence state"))?,
            draft: serde_json::from_str(&row.take::<String>()?).map_err(|_| StoreError::Column("sequence"))?,
            version: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            started_at: row.take()?,
            ended_at: row.take()?,
        })
    }
}
