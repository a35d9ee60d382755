//! What an event says, as it rests sealed.

use std::collections::BTreeMap;

use kernel::{ContactId, FileId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Ctx, SubjectKeys};

use crate::encryption::Envelope;
use crate::model::codes;
use crate::{Error, Result};

pub(crate) const SEALED: &str = "conversation_event.sealed";

codes! {
    /// Which form.
    #[schema(as = ConversationFormKind)]
    FormKind {
        /// Before the chat.
        PreChat = "pre_chat",
        /// For an address to answer to.
        AskMail = "ask_mail",
        /// After the chat.
        PostChat = "post_chat",
        /// While nobody is there.
        Offline = "offline",
    }
}

/// A field of a form that was filled in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The field's key.
    pub key: String,
    /// What the field was called on the screen.
    pub label: String,
    /// What was answered; several choices stand on lines.
    pub value: String,
}

/// A file that an event shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Its octets.
    pub size: u64,
}

impl FileRef {
    /// The file's id.
    pub fn file(&self) -> Option<FileId> {
        self.id.parse().ok()
    }
}

/// An answer that is given by a press.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// What it says.
    pub label: String,
    /// What it means.
    pub value: String,
}

/// What an event says. `Debug` prints nothing of it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventBody {
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Under which name the writer is shown to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The writer's own id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// Which form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormKind>,
    /// What was filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Answers to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<QuickReply>,
    /// The approved text that leaves in place of free words, where the channel asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<outbound::lines::Template>,
    /// What only the devices of both sides can read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<Envelope>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the words about it name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Json>,
}

impl std::fmt::Debug for EventBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

/// Seals something under a subject's data key.
pub(crate) fn seal<T: Serialize>(
    ctx: &Ctx,
    (subject, keys): (ContactId, &SubjectKeys),
    column: &'static str,
    value: &T,
) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Error::Corrupt(column))?;
    Ok(keys.data()?.seal(&ctx.aad(subject, column), &plain, ctx.rng.as_ref()))
}

/// Opens what [`seal`] made.
pub(crate) fn open<T: serde::de::DeserializeOwned>(
    ctx: &Ctx,
    (subject, keys): (ContactId, &SubjectKeys),
    column: &'static str,
    sealed: &[u8],
) -> Result<T> {
    let plain = keys.data()?.open(&ctx.aad(subject, column), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Corrupt(column))
}
