//! From the change feed to messages: one named consumer per endpoint.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use kernel::{EndpointId, EventId, RawId, WorkspaceId};
use store::feed::{self, FeedRow};
use store::{Actor, Ctx, Tx, params};
use tokio::sync::watch;

use super::deliver::job;
use super::endpoints::{consumer, wants};
use super::model::{EndpointState, MessageState, Shape};
use super::payload::{event_id, public_kind};
use super::{Result, Webhooks, queries};

/// Feed entries read at a time.
const CHUNK: u32 = 500;
/// Between two looks at a feed that keeps growing.
const PACE: Duration = Duration::from_millis(200);
/// Between two looks at a feed that this process does not write.
const IDLE: Duration = Duration::from_secs(5);

/// A feed entry with what it is called outside.
struct Entry {
    row: FeedRow,
    kind: Option<&'static str>,
    event: EventId,
}

/// Keeps the wanted entries as messages and moves the endpoint's place in the feed. An object whose
/// earlier message still waits gets no job: the earlier one's end starts it.
fn keep(tx: &mut Tx<'_>, ctx: &Ctx, endpoint: EndpointId, rows: &[Entry]) -> store::Result<usize> {
    type Wants = (String, String, Option<String>);
    let Some((kinds, state, shape)) = tx.opt::<Wants>(queries::ENDPOINT_WANTS, params![ctx.workspace, endpoint])?
    else {
        return Ok(0);
    };
    let active = EndpointState::read(&state) == EndpointState::Active;
    let wanted: Vec<(&'static str, &Entry)> = rows
        .iter()
        .filter_map(|entry| entry.kind.map(|kind| (kind, entry)))
        .filter(|(kind, _)| wants(&kinds, Shape::read(shape.as_deref()), kind))
        .collect();
    let mut batch = ctx.batch();
    if active {
        let sets: Vec<_> = wanted.iter().map(|(_, entry)| params![ctx.workspace, endpoint, entry.row.entity]).collect();
        let waiting: Vec<Vec<(i64, i64)>> = tx.many(queries::FIRST_WAITING, &sets)?;
        let mut behind: HashSet<RawId> = HashSet::new();
        for ((_, Entry { row, .. }), before) in wanted.iter().zip(waiting) {
            let first = behind.insert(row.entity) && before.is_empty();
            if first {
                batch.job(job(endpoint, row.seq, 0));
            }
        }
    }
    let state = if active { MessageState::Waiting } else { MessageState::Held };
    for (kind, Entry { row, event, .. }) in &wanted {
        batch.push(
            queries::INSERT_MESSAGE,
            params![
                ctx.workspace,
                endpoint,
                row.seq,
                *event,
                row.at,
                *kind,
                row.entity,
                row.data.to_string(),
                state.as_str(),
                ctx.now()
            ],
        );
    }
    if let Some(last) = rows.last() {
        feed::advance(&mut batch, &consumer(endpoint), last.row.seq);
    }
    let count = wanted.len();
    tx.apply(batch)?;
    Ok(count)
}

impl Webhooks {
    /// Brings every endpoint up to the end of its feed; returns how many messages were made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn feed(&self) -> Result<usize> {
        let endpoints: Vec<(WorkspaceId, EndpointId)> = self.core.db.all(queries::ALL_ENDPOINTS, Vec::new()).await?;
        if endpoints.is_empty() {
            return Ok(0);
        }
        let heads: HashMap<WorkspaceId, i64> = feed::heads(&self.core.db).await?.into_iter().collect();
        let mut made = 0;
        for (workspace, endpoint) in endpoints {
            let head = heads.get(&workspace).copied().unwrap_or(0);
            made += self.feed_endpoint(workspace, endpoint, head).await?;
        }
        Ok(made)
    }

    async fn feed_endpoint(&self, workspace: WorkspaceId, endpoint: EndpointId, head: i64) -> Result<usize> {
        let ctx = self.core.ctx(workspace, Actor::System);
        let mut place = feed::position(&ctx.db, workspace, &consumer(endpoint)).await?;
        let mut made = 0;
        while place < head {
            let rows = feed::read_after(&ctx.db, workspace, place, CHUNK).await?;
            let Some(last) = rows.last() else { break };
            place = last.seq;
            let keys = ctx.keys().await?;
            let entry =
                |row: FeedRow| Entry { kind: public_kind(&row.kind, &row.data), event: event_id(&keys, row.seq), row };
            let rows: Vec<Entry> = rows.into_iter().map(entry).collect();
            let within = ctx.clone();
            made += ctx.db.tx(move |tx| keep(tx, &within, endpoint, &rows)).await?;
        }
        Ok(made)
    }

    /// Follows the feed until `shutdown` turns true.
    pub async fn run_feeder(self, mut shutdown: watch::Receiver<bool>) {
        let mut changed = self.core.db.feed_changed();
        while !*shutdown.borrow() {
            changed.borrow_and_update();
            if let Err(error) = self.feed().await {
                tracing::error!(%error, "webhooks cannot read the change feed");
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                _ = shutdown.changed() => return,
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = tokio::time::sleep(IDLE) => {}
                _ = shutdown.changed() => return,
            }
        }
    }
}
