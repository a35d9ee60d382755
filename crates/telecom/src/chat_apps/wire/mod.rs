//! The apps' interfaces as published: what a request looks like, what an answer to it means, what their servers
//! post. Nothing here keeps or sends anything; everything from outside is hostile.

mod graph;
pub mod messenger;
mod multipart;
pub mod telegram;
pub mod whatsapp;

use kernel::Timestamp;
use serde_json::Value as Json;

pub use graph::refused as graph_refused;
pub use multipart::{Multipart, Part};

/// A request to an app's server, below the address of its interface.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// The path and query.
    pub path: String,
    /// What goes with it.
    pub body: Body,
}

/// What goes with a request.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// Nothing: the request is a GET.
    None,
    /// JSON.
    Json(Json),
    /// Fields and a file (RFC 7578).
    Form(Multipart),
}

/// What an app's server said to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It took it, under this id.
    Taken(String),
    /// It did not take it now; later it may, after so many seconds when it said so.
    Later {
        /// Why.
        reason: String,
        /// When, in seconds.
        after: Option<i64>,
    },
    /// It does not accept the account's token: nothing leaves until somebody acts.
    Token,
    /// It said no for good.
    Refused(String),
    /// Something that is no answer: nobody knows.
    Unclear,
}

/// A file that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Media {
    /// The id under which the app hands it out, or its address.
    pub id: String,
    /// Its name, when the app tells.
    pub name: String,
    /// Its media type, when the app tells.
    pub media_type: String,
}

/// Something that somebody wrote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wrote {
    /// The app's id of it.
    pub remote: String,
    /// Who, as the app calls them.
    pub from: String,
    /// What they call themselves.
    pub name: Option<String>,
    /// The language of their app.
    pub language: Option<String>,
    /// The words.
    pub text: String,
    /// What a pressed choice means.
    pub choice: Option<String>,
    /// What they sent.
    pub media: Vec<Media>,
    /// A kind of message that cannot be shown, by its code.
    pub unsupported: Option<String>,
    /// What is to be acknowledged to the app (a pressed button of Telegram).
    pub pressed: Option<String>,
}

/// How a message ended up, in the words of [`super::MessageState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The app's server has it.
    Sent,
    /// The device has it.
    Delivered,
    /// The person has seen it.
    Read,
    /// It was not delivered.
    Failed,
}

/// What an app's server told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// Somebody wrote.
    Wrote(Box<Wrote>),
    /// Something became of a message.
    Became {
        /// The app's id of it.
        remote: String,
        /// What.
        fate: Fate,
        /// Why, for what failed.
        code: String,
    },
    /// The same, of everything that was sent to a person until then.
    Until {
        /// To whom.
        to: String,
        /// What.
        fate: Fate,
        /// Until when.
        at: Timestamp,
    },
    /// Somebody wants no more messages: they blocked the account.
    Blocked {
        /// Who.
        by: String,
    },
}

/// A text of a JSON document, cut to what is kept.
fn text(json: &Json, most: usize) -> Option<String> {
    json.as_str().filter(|text| !text.is_empty()).map(|text| text.chars().take(most).collect())
}

/// An id of a JSON document: a text or a number, of plain characters.
fn id(json: &Json) -> Option<String> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    let plain = |b: u8| b.is_ascii_graphic();
    ((1..=256).contains(&text.len()) && text.bytes().all(plain)).then_some(text)
}

/// The members of a JSON list; none when it is no list, and never more than a post may hold.
fn each(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().map(Vec::as_slice).unwrap_or_default().iter().take(1000)
}

/// The words with their choices below, where the app has no buttons for them.
fn spelled(words: &outbound::lines::Words) -> String {
    use std::fmt::Write as _;
    let mut out = words.text.clone();
    for (place, (label, _)) in words.choices.iter().enumerate() {
        let _ = write!(out, "\n{}. {label}", place + 1);
    }
    out
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The longest text of a message that came in, in characters.
const LONGEST: usize = 16_000;
