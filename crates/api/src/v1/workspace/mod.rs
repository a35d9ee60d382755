//! Workspaces and their settings.

mod close;
mod create;
mod erase;
mod mine;
mod read;
mod update;

use privacy::gate;
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("workspace": read, update, close, erase, mine, create)
}

/// A workspace with its settings and those of its gate.
pub(super) async fn shown(ctx: &Ctx) -> Result<Json> {
    let mut shown = json!(accounts::workspaces::get(ctx).await?);
    shown["gate"] = json!(gate::settings(ctx).await?);
    Ok(shown)
}
