//! Tags of threads. They are the organisation's words about its own work.

use std::collections::BTreeMap;

use kernel::{ConversationId, TagId, ThreadId};
use store::{Ctx, params};

use super::queries;
use crate::hub::Hub;
use crate::work::Work;
use crate::{Error, Result, raced, text};

/// The most tags of a thread.
const MOST: usize = 30;
/// The most tags of a workspace.
const MOST_NAMES: usize = 2000;

/// The tags of a thread, by name.
///
/// # Errors
/// When the store fails.
pub async fn tags_of(ctx: &Ctx, thread: ThreadId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = ctx.db.all(queries::TAGS_OF, params![ctx.workspace, thread]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The tags of many threads, in their order.
///
/// # Errors
/// When the store fails.
pub async fn tags_of_threads(ctx: &Ctx, threads: &[ThreadId]) -> Result<Vec<Vec<String>>> {
    let sets = threads.iter().map(|thread| params![ctx.workspace, *thread]).collect();
    let rows: Vec<Vec<(String,)>> = ctx.db.many(queries::TAGS_OF, sets).await?;
    Ok(rows.into_iter().map(|rows| rows.into_iter().map(|row| row.0).collect()).collect())
}

/// Every tag that was ever used.
///
/// # Errors
/// When the store fails.
pub async fn tags_of_workspace(ctx: &Ctx) -> Result<BTreeMap<TagId, String>> {
    let rows: Vec<(TagId, String)> = ctx.db.all(queries::ALL_TAGS, params![ctx.workspace]).await?;
    Ok(rows.into_iter().collect())
}

async fn ensured(ctx: &Ctx, names: &[String]) -> Result<Vec<TagId>> {
    let known = tags_of_workspace(ctx).await?;
    let mut batch = ctx.batch();
    let missing: Vec<&String> = names.iter().filter(|name| !known.values().any(|tag| tag == *name)).collect();
    if known.len() + missing.len() > MOST_NAMES {
        return Err(Error::field("tags", "a workspace has at most 2000 tags of conversations"));
    }
    for name in missing {
        batch.push(queries::INSERT_TAG, params![ctx.workspace, ctx.id::<TagId>(), name]);
    }
    if !batch.is_empty() {
        ctx.db.apply(batch).await?;
    }
    let sets = names.iter().map(|name| params![ctx.workspace, name]).collect();
    let rows: Vec<Vec<(TagId,)>> = ctx.db.many(queries::TAG_NAMED, sets).await?;
    Ok(rows.into_iter().flatten().map(|row| row.0).collect())
}

/// Gives the newest thread exactly these tags. Case counts.
///
/// # Errors
/// Names that are too long, too many of them.
pub async fn set_tags(ctx: &Ctx, hub: &Hub, id: ConversationId, names: &[String]) -> Result<()> {
    let mut wanted: Vec<String> = names.iter().map(|name| text::line("tags", name, 128)).collect::<Result<_>>()?;
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > MOST {
        return Err(Error::field("tags", "a thread has at most 30 tags"));
    }
    let ids = ensured(ctx, &wanted).await?;
    let names = tags_of_workspace(ctx).await?;
    raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        let before = tags_of(ctx, work.thread.id).await?;
        let thread = work.thread.id;
        for (tag, _) in names.iter().filter(|(tag, name)| before.contains(name) && !ids.contains(tag)) {
            work.batch.push(queries::UNTAG, params![ctx.workspace, thread, *tag]);
        }
        for tag in &ids {
            work.batch.push(queries::TAG, params![ctx.workspace, thread, *tag, ctx.now()]);
        }
        work.commit(hub).await.map(|_| ())
    })
    .await
}
