//! Bots that answer before a person does.

mod create;
mod delete;
mod list;
mod read;
mod update;

use conversations::bots::{self as slice, Bot};
use kernel::BotId;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("bots": create, delete, list, read, update)
}

/// A bot, as it is written: name, whether it is in use, whether it answers from articles, to whom it hands over,
/// languages, and the steps of its script.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
pub(super) struct BotDraft(slice::Draft);

/// A bot.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatBot {
    /// Its id.
    #[schema(value_type = String)]
    id: BotId,
    /// Its name, which people see.
    name: String,
    /// In use.
    enabled: bool,
    /// It answers from the knowledge base.
    articles: bool,
    /// To which group it hands over.
    #[schema(value_type = Option<String>)]
    hand_over: Option<kernel::GroupId>,
    /// Languages in which it answers.
    languages: Vec<String>,
    /// The script.
    steps: Vec<slice::Step>,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl ChatBot {
    fn of(one: Bot) -> Self {
        let draft = one.draft;
        Self {
            id: one.id,
            name: draft.name,
            enabled: draft.enabled,
            articles: draft.articles,
            hand_over: draft.hand_over,
            languages: draft.languages,
            steps: draft.steps,
            updated_at: one.updated_at,
        }
    }
}
