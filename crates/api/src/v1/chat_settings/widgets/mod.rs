//! Chat widgets: what a site shows.

mod create;
mod delete;
mod embed;
mod list;
mod read;
mod secret;
mod update;

use conversations::widgets::{self as slice, Settings, Widget};
use kernel::WidgetId;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("widgets": create, delete, list, read, update, embed, secret)
}

/// A widget, as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WidgetDraft {
    /// What members call it.
    name: String,
    /// In use.
    #[serde(default = "yes")]
    enabled: bool,
    /// Sites, theme, words, languages, features, forms, group, bot, notice, hours, files.
    #[serde(default)]
    settings: Settings,
    /// The version it was read in; another one means that somebody was faster.
    #[serde(default)]
    version: Option<i64>,
}

const fn yes() -> bool {
    true
}

/// A chat widget.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatWidget {
    /// Its id.
    #[schema(value_type = String)]
    id: WidgetId,
    /// What members call it.
    name: String,
    /// In use.
    enabled: bool,
    /// Sites, theme, words, languages, features, forms, group, bot, notice, hours, files.
    settings: Settings,
    /// Counts changes.
    version: i64,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl ChatWidget {
    fn of(one: Widget) -> Self {
        Self {
            id: one.id,
            name: one.name,
            enabled: one.enabled,
            settings: one.settings,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

async fn changed(ctx: &store::Ctx, id: WidgetId, input: WidgetDraft) -> Result<Widget> {
    let before = slice::get(ctx, id).await?;
    if input.version.is_some_and(|version| version != before.version) {
        return Err(Failure::new(Code::VersionConflict, "somebody else changed the widget meanwhile; read it again"));
    }
    Ok(slice::update(ctx, &before, &input.name, input.enabled, &input.settings).await?)
}
