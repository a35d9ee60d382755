//! What is known about a conversation and may say something about the person; sealed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::events::Answer;
use crate::{Error, Result, text};

/// Namespace → name → value.
pub type Properties = BTreeMap<String, BTreeMap<String, Json>>;

/// The most properties of a conversation.
const MOST_PROPERTIES: usize = 100;
/// The longest value of a property, in octets of JSON.
const LONGEST_VALUE: usize = 4096;

/// Where a bot is in its script.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BotState {
    /// The step that waits for an answer.
    pub step: Option<String>,
    /// What was answered, by name.
    pub answers: BTreeMap<String, String>,
    /// Answers in a row that it could do nothing with.
    pub misses: u32,
}

/// What an answer by mail refers to.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailThread {
    /// Message-IDs of what the person wrote, the last one last.
    pub references: Vec<String>,
}

/// What rests sealed beside the row.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// What it is about, in mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The person's language, as their browser or letter said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was begun, without query and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the person is called, as long as nothing else is known of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where answers go by mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The line over which answers leave, of SMS and chat apps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<outbound::lines::Line>,
    /// What was answered in forms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// What programs keep about it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: Properties,
    /// Where the bot is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotState>,
    /// What an answer by mail refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailThread>,
    /// Up to which event answers went by mail.
    #[serde(skip_serializing_if = "is_zero")]
    pub mailed: i64,
    /// The last counter of every sender of what is encrypted, by key and sender.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, u64>,
    /// Where a transcript goes that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcript_to: Option<String>,
    /// How many transcripts were asked for, by thread.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub transcripts: BTreeMap<i64, u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

impl Details {
    /// Changes properties: null takes one away.
    ///
    /// # Errors
    /// Names or values that are too long, too many of them.
    pub fn change_properties(&mut self, change: Properties) -> Result<()> {
        for (namespace, values) in change {
            let namespace = text::line("namespace", &namespace, 64)?;
            let kept = self.properties.entry(namespace.clone()).or_default();
            for (name, value) in values {
                let name = text::line("name", &name, 64)?;
                if value.is_null() {
                    kept.remove(&name);
                    continue;
                }
                if value.to_string().len() > LONGEST_VALUE {
                    return Err(Error::field(format!("{namespace}.{name}"), "is longer than 4096 octets"));
                }
                kept.insert(name, value);
            }
        }
        self.properties.retain(|_, values| !values.is_empty());
        if self.properties.values().map(BTreeMap::len).sum::<usize>() > MOST_PROPERTIES {
            return Err(Error::field("properties", "a conversation has at most 100 properties"));
        }
        Ok(())
    }

    /// Keeps answers, the newest of each field.
    pub fn take_answers(&mut self, answers: &[Answer]) {
        for answer in answers {
            self.answers.retain(|known| known.key != answer.key);
            self.answers.push(answer.clone());
        }
        if self.answers.len() > 100 {
            let more = self.answers.len() - 100;
            self.answers.drain(..more);
        }
    }
}
