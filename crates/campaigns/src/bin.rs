//! The bin: a draft that was deleted waits thirty days there, so that a mistake can be undone.

use kernel::{CampaignId, Timestamp};
use store::{Ctx, params};

use crate::lifecycle::{anywhere, expect, get, told};
use crate::model::{Campaign, State};
use crate::{Error, Result, queries as sql};

/// The retention class that says how long things wait in the bin.
pub const BIN: &str = "workspace.bin";

store::retention!(store::RetentionRule {
    table: "campaign",
    class: BIN,
    covers: &[],
    event: "the draft was deleted",
    due_by: store::DueBy::Instant,
    find: sql::BINNED,
    end: &[sql::END],
    before: None,
    after: None,
});

/// Puts a draft into the bin.
///
/// # Errors
/// [`Error::State`] for a campaign that is none, [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: CampaignId) -> Result<()> {
    expect(&get(ctx, id).await?, &[State::Draft], "deleted")?;
    let mut batch = ctx.batch();
    batch.guard(sql::BIN, params![ctx.workspace, id, ctx.now(), ctx.actor.to_string()]);
    told(&mut batch, "campaign.deleted", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a draft out of the bin again.
///
/// # Errors
/// [`Error::NotFound`] for what is not in it.
pub async fn restore(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    anywhere(ctx, id).await?.filter(|campaign| campaign.deleted_at.is_some()).ok_or(Error::NotFound)?;
    let mut batch = ctx.batch();
    batch.guard(sql::RESTORE, params![ctx.workspace, id, ctx.actor.to_string()]);
    told(&mut batch, "campaign.restored", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// When what was deleted then is deleted for good.
///
/// # Errors
/// The store's.
pub async fn ends_at(ctx: &Ctx, deleted_at: Timestamp) -> Result<Timestamp> {
    Ok(privacy::retention::ends_at(ctx, BIN, deleted_at).await?)
}
