use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{Error, Result};

/// A key that ends what is entered.
pub type Terminator = char;

/// What happens in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// What members call it.
    pub title: String,
    /// In which language things are said: `en` or `ar`.
    pub language: String,
    /// Step by step.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name, for steps that lead to it.
    pub id: Option<String>,
    /// It is done only when all of these hold.
    pub when: Vec<Condition>,
    /// What is done.
    pub action: Action,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which variable.
    pub variable: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    #[serde(default)]
    pub value: String,
}

/// How a variable is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The same.
    Eq,
    /// Another, or not there.
    Ne,
    /// The value is a part of it.
    Contains,
    /// It is there and not empty.
    Exists,
    /// As numbers: greater.
    Gt,
    /// As numbers: less.
    Lt,
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, variables: &BTreeMap<String, String>) -> bool {
        let found = variables.get(&self.variable).map(String::as_str);
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let compared = || Some(number(found?)?.cmp(&number(&self.value)?));
        match self.operator {
            Operator::Eq => found == Some(self.value.as_str()),
            Operator::Ne => found != Some(self.value.as_str()),
            Operator::Contains => found.is_some_and(|found| found.contains(&self.value)),
            Operator::Exists => found.is_some_and(|found| !found.is_empty()),
            Operator::Gt => compared() == Some(std::cmp::Ordering::Greater),
            Operator::Lt => compared() == Some(std::cmp::Ordering::Less),
        }
    }
}

/// Something that is heard: words, or a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// Words, with `{{variables}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// In which language; the flow's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The address of a WAV file instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<String>,
}

const fn once() -> u8 {
    1
}

/// Words to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// The words, with `{{variables}}`.
    pub text: String,
    /// In which language; the flow's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How often.
    #[serde(default = "once")]
    pub repeat: u8,
    /// Where keys lead that are pressed meanwhile.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
}

/// Keys to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    /// What is heard before; keys end it.
    #[serde(default)]
    pub prompt: Prompt,
    /// Fewest keys.
    #[serde(default = "once")]
    pub min: u8,
    /// Most keys; with the last one it is complete.
    #[serde(default = "once")]
    pub max: u8,
    /// The key that ends it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminator: Option<Terminator>,
    /// Seconds to wait for a key.
    #[serde(default = "Gather::patience")]
    pub timeout: u16,
    /// How often it is asked.
    #[serde(default = "once")]
    pub tries: u8,
    /// The variable that keeps the keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// Where certain keys lead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub branches: BTreeMap<String, String>,
    /// Where everything else leads, after the last try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

impl Gather {
    const fn patience() -> u16 {
        6
    }
}

/// What is done in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Says words.
    Say(Say),
    /// Plays a file.
    Play {
        /// The address of a WAV file.
        media: String,
        /// How often.
        #[serde(default = "once")]
        repeat: u8,
        /// Where keys lead that are pressed meanwhile.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        keys: BTreeMap<String, String>,
    },
    /// Waits.
    Pause {
        /// For how long.
        seconds: u16,
        /// Where keys lead that are pressed meanwhile.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        keys: BTreeMap<String, String>,
    },
    /// Asks for keys.
    Gather(Gather),
    /// Records what is said, after saying so.
    Record {
        /// What says that it is recorded.
        announcement: Prompt,
        /// Most seconds.
        #[serde(default = "minutes_two")]
        max_seconds: u16,
        /// Seconds of silence that end it; 0 for never.
        #[serde(default = "five")]
        silence_seconds: u16,
        /// The key that ends it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terminator: Option<Terminator>,
    },
    /// Connects with another number, with this call in the middle.
    Transfer {
        /// The number, with its country code.
        to: String,
        /// The caller's number that is shown: one of the trunk's; its first when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// For how long it may ring.
        #[serde(default = "half_a_minute")]
        ring_seconds: u16,
        /// Where it goes on when nobody answers; on to the next step when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<String>,
    },
    /// Goes on with a flow that is fetched.
    Fetch {
        /// From where.
        url: String,
    },
    /// Presses keys.
    SendKeys {
        /// Which.
        keys: String,
    },
    /// Goes on elsewhere.
    Goto {
        /// At which step.
        step: String,
    },
    /// Ends the call.
    Hangup {},
}

const fn minutes_two() -> u16 {
    120
}

const fn five() -> u16 {
    5
}

const fn half_a_minute() -> u16 {
    30
}

impl Serialize for Step {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut whole = serde_json::to_value(&self.action).map_err(serde::ser::Error::custom)?;
        if let Some(map) = whole.as_object_mut() {
            if let Some(id) = &self.id {
                map.insert("id".to_owned(), json!(id));
            }
            if !self.when.is_empty() {
                map.insert("when".to_owned(), json!(self.when));
            }
        }
        whole.serialize(serializer)
    }
}

impl Flow {
    /// Reads and checks a flow.
    ///
    /// # Errors
    /// [`Error::Field`] naming step and field.
    pub fn read(json: &Json) -> Result<Self> {
        let object = json.as_object().ok_or_else(|| Error::field("flow", "an object with steps"))?;
        if let Some(unknown) = object.keys().find(|key| !matches!(key.as_str(), "title" | "language" | "steps")) {
            return Err(Error::field(shown(unknown), "a flow has title, language and steps"));
        }
        let text = |name: &str, default: &str| match object.get(name) {
            None | Some(Json::Null) => Ok(default.to_owned()),
            Some(Json::String(text)) => Ok(text.clone()),
            Some(_) => Err(Error::field(name, "a text")),
        };
        let steps = object.get("steps").and_then(Json::as_array);
        let steps = steps.ok_or_else(|| Error::field("steps", "a list of steps"))?;
        let steps = steps.iter().enumerate().map(|(n, step)| read_step(n, step)).collect::<Result<Vec<_>>>()?;
        let flow = Self { title: text("title", "")?, language: text("language", "en")?, steps };
        flow.check()?;
        Ok(flow)
    }

    /// The flow as JSON.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

fn read_step(n: usize, json: &Json) -> Result<Step> {
    let wrong = |field: &str, detail: String| {
        let place = if field.is_empty() { format!("steps[{n}]") } else { format!("steps[{n}].{field}") };
        Err(Error::field(place, detail))
    };
    let Some(object) = json.as_object() else { return wrong("", "an object with an action".to_owned()) };
    let mut rest = object.clone();
    let id = match rest.remove("id") {
        None | Some(Json::Null) => None,
        Some(Json::String(id)) => Some(id),
        Some(_) => return wrong("id", "a text".to_owned()),
    };
    let when = match rest.remove("when") {
        None | Some(Json::Null) => Vec::new(),
        Some(when) => match serde_json::from_value(when) {
            Ok(when) => when,
            Err(error) => return wrong("when", error.to_string()),
        },
    };
    let known = ["say", "play", "pause", "gather", "record", "transfer", "fetch", "send_keys", "goto", "hangup"];
    if !rest.get("action").and_then(Json::as_str).is_some_and(|action| known.contains(&action)) {
        return wrong("action", known.join(", "));
    }
    match serde_json::from_value(Json::Object(rest)) {
        Ok(action) => Ok(Step { id, when, action }),
        Err(error) => {
            // The reader names the field in its words: `missing field `text``.
            let said = error.to_string();
            let field = said.split('`').nth(1).map(shown).unwrap_or_default();
            wrong(&field, said)
        }
    }
}
