//! Prepared answers, by shortcut.

mod create;
mod delete;
mod list;

mod update;

use conversations::canned::{self as slice, Canned};
use kernel::{CannedId, GroupId};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("canned_replies": create, delete, list, update)
}

/// A prepared answer, as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CannedDraft {
    /// What is typed after a slash.
    shortcut: String,
    /// What it says.
    text: String,
    /// In which language.
    #[serde(default)]
    language: Option<String>,
    /// For which group; null is for everybody.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    group: Option<GroupId>,
    /// Tags that go with it.
    #[serde(default)]
    tags: Vec<String>,
}

impl CannedDraft {
    fn read(self) -> slice::Draft {
        slice::Draft {
            shortcut: self.shortcut,
            text: self.text,
            language: self.language,
            group: self.group,
            tags: self.tags,
        }
    }
}

/// A prepared answer.
#[derive(Serialize, ToSchema)]
pub(super) struct CannedReply {
    /// Its id.
    #[schema(value_type = String)]
    id: CannedId,
    /// What is typed after a slash.
    shortcut: String,
    /// What it says.
    text: String,
    /// In which language.
    language: Option<String>,
    /// For which group.
    #[schema(value_type = Option<String>)]
    group: Option<GroupId>,
    /// Tags that go with it.
    tags: Vec<String>,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl CannedReply {
    fn of(one: Canned) -> Self {
        let draft = one.draft;
        Self {
            id: one.id,
            shortcut: draft.shortcut,
            text: draft.text,
            language: draft.language,
            group: draft.group,
            tags: draft.tags,
            updated_at: one.updated_at,
        }
    }
}
