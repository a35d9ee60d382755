//! Sources that nobody's data come from any more: looked for when somebody was erased since the last
//! look, at most once a day, because it reads every contact.

use std::collections::HashSet;

use kernel::{ProvenanceId, Timestamp};
use privacy::provenance;
use store::{Ctx, feed, params};

use crate::Result;
use crate::contacts;

store::sql! {
    LATEST_ERASURE = "SELECT max(seq) FROM feed WHERE workspace = $1 AND kind = 'contact.erased'";
    NEXT_CONTACTS = "SELECT id FROM contact WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
}

/// Names in the table of feed positions that are no consumers begin so.
const LOOKED: &str = "count/sources_at";
const SEEN: &str = "count/sources_seen";
/// A source may be on its way to its first contact for so long.
const YOUNG: i64 = 86_400;
const PAGE: usize = 1000;

/// Deletes sources that no contact refers to; answers how many.
///
/// # Errors
/// When the store fails.
pub async fn sweep(ctx: &Ctx) -> Result<u64> {
    let now = ctx.now();
    let (last,): (Option<i64>,) = ctx.db.one(LATEST_ERASURE, params![ctx.workspace]).await?;
    let seen = feed::position(&ctx.db, ctx.workspace, SEEN).await?;
    let looked = feed::position(&ctx.db, ctx.workspace, LOOKED).await?;
    let Some(last) = last.filter(|last| *last > seen) else { return Ok(0) };
    if looked > now.plus_seconds(-82_800).0 {
        return Ok(0);
    }
    let used = used(ctx).await?;
    let old = |id: &ProvenanceId| store::made_at(id.0) < now.plus_seconds(-YOUNG);
    let gone: Vec<ProvenanceId> =
        provenance::all_ids(ctx).await?.into_iter().filter(|id| old(id) && !used.contains(id)).collect();
    provenance::forget(ctx, &gone).await?;
    let mut batch = ctx.batch();
    feed::advance(&mut batch, SEEN, last);
    feed::advance(&mut batch, LOOKED, Timestamp::max(now, Timestamp(0)).0);
    ctx.db.apply(batch).await?;
    Ok(gone.len() as u64)
}

async fn used(ctx: &Ctx) -> Result<HashSet<ProvenanceId>> {
    let (mut used, mut after) = (HashSet::new(), kernel::ContactId([0; 16]));
    loop {
        let page: Vec<(kernel::ContactId,)> = ctx.db.all(NEXT_CONTACTS, params![ctx.workspace, after, PAGE]).await?;
        let Some(last) = page.last() else { return Ok(used) };
        after = last.0;
        let ids: Vec<kernel::ContactId> = page.into_iter().map(|row| row.0).collect();
        for person in contacts::get_many(ctx, crate::ReadFor::Upkeep, &ids).await?.into_iter().flatten() {
            used.extend(person.profile.sources);
        }
    }
}
