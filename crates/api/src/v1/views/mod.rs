//! Saved views of lists: filters and order as the query of a screen's address.

mod create;
mod delete;
mod list;
mod update;

use accounts::views::SavedView;
use store::{Actor, Ctx};

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("views": list, create, update, delete)
}

/// A saved view.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedView)]
pub(super) struct ViewAnswer {
    id: String,
    /// The screen it belongs to.
    screen: String,
    /// Its name.
    name: String,
    /// The query of the screen's address.
    query: String,
    /// Whether every member of the workspace sees it.
    shared: bool,
    /// Whether you saved it.
    mine: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl ViewAnswer {
    fn of(ctx: &Ctx, view: SavedView) -> Self {
        Self {
            id: view.id.to_string(),
            screen: view.screen,
            name: view.name,
            query: view.query,
            shared: view.shared,
            mine: ctx.actor == Actor::User(view.owner),
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}
