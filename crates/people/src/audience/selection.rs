use kernel::{Problem, SegmentId};
use serde::{Deserialize, Serialize};
use store::Ctx;

use crate::segments::conditions::{Label, Node, TopicCondition, TopicState, Where};
use crate::segments::index::Standing;
use crate::segments::live::Filter;
use crate::segments::saved;
use crate::{Result, reads};

/// The longest search text, in characters.
const MAX_WORDS: usize = 200;

/// Who is meant. What is absent narrows nothing; everything else must hold together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// Who meets this condition.
    #[serde(rename = "where")]
    pub condition: Option<Where>,
    /// Who is in this saved segment.
    pub segment: Option<SegmentId>,
    /// Whose name, organisation, address or number has words that begin so.
    pub words: Option<String>,
    /// Who stands so in this topic (name or id).
    pub topic: Option<(String, State)>,
    /// Who has this tag (name or id).
    pub tag: Option<String>,
    /// Who stands so in topics as a whole.
    pub standing: Option<Standing>,
}

/// A state in a topic, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct State(pub TopicState);

impl TryFrom<String> for State {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        TopicState::from_code(&code).map(State).ok_or("expected pending, subscribed or unsubscribed")
    }
}

impl From<State> for &'static str {
    fn from(state: State) -> Self {
        state.0.as_str()
    }
}

fn label(field: &str, text: &str) -> Result<Label, Problem> {
    let label = Label::new(text);
    if label.key.as_str().is_empty() || text.chars().count() > MAX_WORDS {
        return Err(Problem::field(field, "expected a name or an id"));
    }
    Ok(label)
}

impl Selection {
    /// Everybody who meets a condition.
    pub fn of(condition: Where) -> Self {
        Self { condition: Some(condition), ..Self::default() }
    }

    /// What the index is asked. Marks the fields that the condition reads.
    ///
    /// # Errors
    /// `not_found` for a segment that is not there, `invalid_input` for empty names.
    pub async fn filter(&self, ctx: &Ctx) -> Result<Filter> {
        let mut parts = Vec::new();
        if let Some(condition) = &self.condition {
            parts.push(condition.root().clone());
        }
        if let Some(segment) = self.segment {
            parts.push(saved::get(ctx, segment).await?.condition.root().clone());
        }
        if let Some((topic, state)) = &self.topic {
            parts.push(Node::Topic(TopicCondition { topic: label("topic", topic)?, state: state.0 }));
        }
        if let Some(tag) = &self.tag {
            parts.push(Node::Tag(label("tag", tag)?));
        }
        parts.retain(|part| *part != Node::Everyone);
        let condition = match parts.len() {
            0 => Where::everyone(),
            1 => Where::new(parts.remove(0)),
            _ => Where::new(Node::And(parts)),
        };
        reads::mark(ctx, reads::Reader::Segment, &condition.fields()).await?;
        let words = self.words.as_ref().map(|words| words.trim().chars().take(MAX_WORDS).collect::<String>());
        Ok(Filter { condition, words: words.filter(|words| !words.is_empty()), standing: self.standing })
    }
}
