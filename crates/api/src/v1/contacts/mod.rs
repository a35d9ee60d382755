//! Contacts.

mod anonymise;
mod answer;
mod bases;
pub(super) mod bulk;
mod consent;
mod create;
mod draft;
mod enrich;
mod erase;
mod export;
mod list;
mod lookup;
mod merge;
mod messages;
mod provenance;
mod read;
mod receipts;
mod search;
mod state_basis;
mod subscribe;
mod tags;
mod timeline;
mod unsubscribe;
mod update;

use kernel::ContactId;
use people::contacts;
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("contacts":
        list, create, lookup, export, read, update, merge, answer, unsubscribe, erase, anonymise, tags, subscribe,
        bases, state_basis, receipts, enrich, search,
        timeline, messages, consent, provenance)
    .merge(bulk::routes())
}

/// A contact as the API shows it.
pub(super) async fn shown(ctx: &Ctx, id: ContactId) -> Result<Json> {
    Ok(contacts::get(ctx, people::ReadFor::Work, id).await?.to_json())
}

/// Erases what was kept under the ids of duplicates of a person; it goes first, while it is known who they are.
async fn erase_aliases(app: &App, ctx: &Ctx, id: ContactId) -> Result<()> {
    for alias in contacts::aliases(ctx, id).await? {
        match privacy::erasure::erase(ctx, app.outbound.gate(), alias).await {
            Ok(_) | Err(privacy::Error::NotFound(_)) => app.live.forget(ctx.workspace, alias),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
