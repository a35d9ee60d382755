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

/// An article, as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleDraft {
    /// `draft` or `published`.
    #[schema(value_type = String)]
    state: ArticleState,
    /// What it is called.
    title: Words,
    /// What it says.
    text: Words,
    /// Words under which it is found besides its own.
    #[serde(default)]
    keywords: Vec<String>,
}

impl ArticleDraft {
    fn read(self) -> slice::Draft {
        slice::Draft { state: self.state, title: self.title, text: self.text, keywords: self.keywords }
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
    title: Words,
    /// What it says.
    text: Words,
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
            title: one.draft.title,
            text: one.draft.text,
            keywords: one.draft.keywords,
            updated_at: one.updated_at,
        }
    }
}
