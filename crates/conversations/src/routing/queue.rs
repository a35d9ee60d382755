//! Places in the queue and how long they take.

use kernel::{GroupId, Timestamp};
use store::Ctx;

use crate::Result;
use crate::agents::{self, Status};
use crate::conversations::{Conversation, Head, heads};
use crate::model::Routing;
use crate::reports;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub position: u32,
    /// About how long it takes, in seconds, when that can be told.
    pub wait: Option<i64>,
}

/// How many wait, and since when the first one does.
///
/// # Errors
/// When the store fails.
pub async fn waiting(ctx: &Ctx) -> Result<(u32, Option<Timestamp>)> {
    let all = heads(ctx).await?;
    let queued: Vec<&Head> = all.iter().filter(|head| head.routing == Routing::Queued).collect();
    Ok((queued.len() as u32, queued.iter().filter_map(|head| head.queued_at).min()))
}

/// A conversation's place; none when it does not wait.
///
/// # Errors
/// When the store fails.
pub async fn place_of(ctx: &Ctx, row: &Conversation) -> Result<Option<Place>> {
    let (Routing::Queued, Some(since)) = (row.routing, row.queued_at) else { return Ok(None) };
    let all = heads(ctx).await?;
    let before = all
        .iter()
        .filter(|head| head.routing == Routing::Queued && head.group == row.group && head.id != row.id)
        .filter(|head| (head.queued_at, head.id) < (Some(since), row.id))
        .count() as u32;
    Ok(Some(Place { position: before + 1, wait: estimate(ctx, row.group, before + 1).await? }))
}

/// How long the n-th place takes: the usual length of a conversation, shared among the places that members have.
async fn estimate(ctx: &Ctx, group: Option<GroupId>, position: u32) -> Result<Option<i64>> {
    let Some(length) = reports::usual_length(ctx).await? else { return Ok(None) };
    let members = match group {
        Some(group) => crate::groups::get(ctx, group).await.ok().map(|group| group.members),
        None => None,
    };
    let agents = agents::list(ctx).await?;
    let places: u32 = agents
        .values()
        .filter(|agent| agent.status == Status::Accepting)
        .filter(|agent| members.as_ref().is_none_or(|members| members.contains_key(&agent.user)))
        .map(|agent| agent.limit)
        .sum();
    Ok((places > 0).then(|| (length * i64::from(position) / i64::from(places)).clamp(30, 6 * 3600)))
}
