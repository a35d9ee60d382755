//! The knowledge base.

mod create;
mod delete;
mod list;
mod read;
mod update;

use conversations::articles::{self as slice, Article, ArticleState};
use conversations::widgets::Words;
use kernel::ArticleId;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("articles": create, delete, list, read, update)
}

/// A text in both languages.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct ChatWords {
    /// In English.
    pub(crate) en: String,
    /// In Arabic.
    pub(crate) ar: String,
}

impl From<Words> for ChatWords {
    fn from(words: Words) -> Self {
        Self { en: words.en, ar: words.ar }
    }
}

impl From<ChatWords> for Words {
    fn from(words: ChatWords) -> Self {
        Self { en: words.en, ar: words.ar }
    }
}

/// An article, as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleDraft {
    /// `draft` or `published`.
    #[schema(value_type = String)]
    state: ArticleState,
    /// What it is called.
    title: ChatWords,
    /// What it says.
    text: ChatWords,
    /// Words under which it is found besides its own.
    #[serde(default)]
    keywords: Vec<String>,
}

impl ArticleDraft {
    fn read(self) -> slice::Draft {
        slice::Draft { state: self.state, title: self.title.into(), text: self.text.into(), keywords: self.keywords }
    }
}

/// An article of the knowledge base.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatArticle {
    /// Its id.
    #[schema(value_type = String)]
    id: ArticleId,
    /// `draft` or `published`.
    state: String,
    /// What it is called.
    title: ChatWords,
    /// What it says.
    text: ChatWords,
    /// Words under which it is found besides its own.
    keywords: Vec<String>,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl ChatArticle {
    fn of(one: Article) -> Self {
        Self {
            id: one.id,
            state: one.draft.state.as_str().to_owned(),
            title: one.draft.title.into(),
            text: one.draft.text.into(),
            keywords: one.draft.keywords,
            updated_at: one.updated_at,
        }
    }
}
