//! What can be booked.

mod create;
mod list;
mod read;
mod update;

use booking::event_types::{EventType, TypeState};
use booking::model::Definition;
use kernel::EventTypeId;
use store::Ctx;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("event_types": list, create, read, update)
}

/// An event type, as members see it.
#[derive(Serialize, ToSchema)]
pub(super) struct BookableType {
    /// Its id.
    #[schema(value_type = String)]
    id: EventTypeId,
    /// Its name in addresses.
    slug: String,
    /// Whether it can be booked.
    state: TypeState,
    /// What it is.
    definition: Definition,
    /// Its public page.
    url: String,
    /// Counts changes.
    version: i64,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

async fn shown(app: &App, ctx: &Ctx, all: Vec<EventType>) -> Result<Vec<BookableType>> {
    let workspace = accounts::workspaces::get(ctx).await?.slug;
    let show = |one: EventType| BookableType {
        url: format!("{}/book/{workspace}/{}", app.outbound.public_url(), one.slug),
        id: one.id,
        slug: one.slug,
        state: one.state,
        definition: one.definition,
        version: one.version,
        created_at: one.created_at,
        updated_at: one.updated_at,
    };
    Ok(all.into_iter().map(show).collect())
}

async fn one(app: &App, ctx: &Ctx, one: EventType) -> Result<BookableType> {
    let shown = shown(app, ctx, vec![one]).await?.into_iter().next();
    Ok(shown.ok_or(booking::Error::NotFound("event type"))?)
}
