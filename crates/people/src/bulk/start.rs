use accounts::audit;
use kernel::{Code, ContactId, JobId, Problem, RawId};
use serde_json::json;
use store::vault::FileKey;
use store::{Ctx, NewJob, params};

use super::run::QUEUE;
use super::{Action, MAX_IDS, Progress, Terms, get, queries};
use crate::audience::Selection;
use crate::import::job::{INSERT_PART, LIFE, PART, discard};
use crate::segments::live::Live;
use crate::{Error, Result, tags, topics};

/// Ids of one sealed part: 64 KiB.
pub(super) const IDS: usize = 4096;
/// The most tags of one act.
const MAX_TAGS: usize = 50;

/// Who is meant.
#[derive(Debug, Clone)]
pub enum Who {
    /// These people.
    Named(Vec<ContactId>),
    /// Whoever is selected now.
    Selected(Box<Selection>),
}

fn check(action: Action, terms: &Terms) -> Result<(), Problem> {
    let tagging = matches!(action, Action::Tag | Action::Untag);
    if tagging == terms.tags.is_empty() {
        let detail = if tagging { "name at least one tag" } else { "is only for tag and untag" };
        return Err(Problem::field("tags", detail));
    }
    if terms.tags.len() > MAX_TAGS {
        return Err(Problem::field("tags", "at most 50 tags at a time"));
    }
    if terms.topic.is_some() && action != Action::Unsubscribe {
        return Err(Problem::field("topic", "is only for unsubscribe"));
    }
    if terms.note.as_ref().is_some_and(|note| note.chars().count() > 4000) {
        return Err(Problem::field("note", "at most 4000 characters"));
    }
    if terms.confirm_count.is_none() && action == Action::Erase {
        return Err(Problem::field("confirm_count", "say how many people are to be erased for good"));
    }
    Ok(())
}

/// Starts an act on many people.
///
/// # Errors
/// `invalid_input` for terms that do not fit the action; `conflict` when [`Terms::confirm_count`] is not the
/// number of people, which is told; `index_building`.
pub async fn start(ctx: &Ctx, live: &Live, who: Who, (action, mut terms): (Action, Terms)) -> Result<Progress> {
    check(action, &terms)?;
    let mut people = match who {
        Who::Named(ids) if ids.len() > MAX_IDS => {
            return Err(Problem::field("ids", "at most 10000 at a time; use select for more").into());
        }
        Who::Named(ids) => ids,
        Who::Selected(selection) => live.everybody(ctx, selection.filter(ctx).await?).await?,
    };
    people.sort_unstable();
    people.dedup();
    let total = people.len() as u64;
    if terms.confirm_count.is_some_and(|count| count != total) {
        let detail = format!(
            "{total} people are meant, not {}; look again and confirm that number",
            terms.confirm_count.unwrap_or_default()
        );
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    if let Some(topic) = terms.topic {
        topics::get(ctx, topic).await?;
    }
    if action == Action::Tag {
        tags::ensure(ctx, &terms.tags).await?;
    }
    terms.confirm_count = None;
    let (id, people_file, result): (JobId, RawId, RawId) = (ctx.id(), ctx.id(), ctx.id());
    let expires = ctx.now().plus_seconds(LIFE);
    let key = ctx.vault.create_file(ctx.workspace, people_file, expires).await?;
    ctx.vault.create_file(ctx.workspace, result, expires).await?;
    let begun = begin(ctx, (id, action, total), (&key, people_file, result), (&terms, &people)).await;
    if begun.is_err() {
        discard(ctx, people_file).await?;
        discard(ctx, result).await?;
    }
    begun?;
    get(ctx, id).await
}

async fn begin(
    ctx: &Ctx,
    (id, action, total): (JobId, Action, u64),
    (key, people_file, result): (&FileKey, RawId, RawId),
    (terms, people): (&Terms, &[ContactId]),
) -> Result<()> {
    let terms = serde_json::to_vec(terms).map_err(|_| Error::Corrupt("terms"))?;
    let mut parts: Vec<Vec<u8>> = vec![terms];
    for ids in people.chunks(IDS) {
        parts.push(ids.iter().flat_map(|id| id.0).collect());
    }
    // A few parts per commit: nobody waits for a megabyte of them.
    for (step, some) in parts.chunks(16).enumerate() {
        let mut batch = ctx.batch();
        for (place, plain) in some.iter().enumerate() {
            let number = (step * 16 + place) as u64;
            batch.push(INSERT_PART, params![ctx.workspace, people_file, number, key.seal(number, plain)]);
        }
        ctx.db.apply(batch).await?;
    }
    let mut batch = ctx.batch();
    batch.push(
        queries::INSERT_BULK,
        params![ctx.workspace, id, action.as_str(), total, people_file, result, ctx.actor.to_string(), ctx.now()],
    );
    audit::record(&mut batch, ctx, "contacts.bulk", &[&id, &action.as_str(), &total]);
    let data = json!({"action": action, "state": "running", "total": total, "done": 0});
    batch.feed(store::Feed { kind: "bulk.started", entity: id.into(), data });
    batch.job(NewJob::now(QUEUE, json!({"bulk": id})).key(id.to_string()));
    ctx.db.apply(batch).await?;
    Ok(())
}

pub(super) async fn read_part(ctx: &Ctx, key: &FileKey, file: RawId, number: u64) -> Result<Vec<u8>> {
    part(ctx, key, file, number).await?.ok_or(Error::Corrupt("staged file"))
}

/// A part of a staged file; `None` when it is gone.
pub(super) async fn part(ctx: &Ctx, key: &FileKey, file: RawId, number: u64) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = ctx.db.opt(PART, params![ctx.workspace, file, number]).await?;
    Ok(row.map(|row| key.open(number, &row.0)).transpose()?)
}
