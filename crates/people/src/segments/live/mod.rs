//! One index per workspace for the whole process: built when first asked for, then kept by the
//! change feed.
//!
//! Every question first takes in what was committed since the last one, so an answer always shows
//! the caller's own changes. A workspace that takes longer than [`PATIENCE`] to read answers
//! `index_building` meanwhile. Entries of the feed name the contacts they concern (`contact.*`,
//! `topic.*` and `consent.*` by entity, all others by `contact` or `contacts` in their data); those are read again,
//! and of those named by `message.*` only what happened to them.

mod burst;
mod catalog;
mod follow;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{Code, ContactId, Problem, WorkspaceId};
use parking_lot::{Mutex, RwLock};
use roaring::RoaringBitmap;
use store::{Core, Ctx};
use tokio::sync::OwnedMutexGuard;

pub use self::table::{Filter, Holders, Table};

use self::burst::Burst;
use self::catalog::Catalog;
use super::conditions::{Field, Where};
use super::index::{Facet, Found, Index};
use crate::{Error, Result, contacts};

/// How long a question waits for the index before it is told to come back.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// A search looks at this many contacts at most, the newest first.
pub const SEARCH_BUDGET: u64 = 2_000_000;
/// How often other nodes' commits are looked for when nobody asks.
const POLL: Duration = Duration::from_secs(1);
/// Contacts read per second on a small machine, for the hint when to come back.
const RATE: u64 = 50_000;

/// The indexes of all workspaces. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<HashMap<WorkspaceId, Arc<Slot>>>>);

/// How far an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// Nobody has asked for it yet.
    Cold,
    /// Being read: so many contacts of so many.
    Building {
        /// Contacts read.
        done: u64,
        /// Contacts there are.
        total: u64,
    },
    /// Answers questions.
    Ready {
        /// Contacts in it.
        contacts: u64,
    },
}

/// The answer to a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// How many contacts are in the segment.
    pub count: u64,
    /// Microseconds the evaluation took, by the injected clock.
    pub micros: u64,
}

struct Ready {
    index: Index,
    /// The feed entry taken in last.
    position: i64,
    catalog: Catalog,
}

#[derive(Default)]
struct Slot {
    ready: RwLock<Option<Ready>>,
    /// Held by whoever builds or catches up.
    turn: Arc<tokio::sync::Mutex<()>>,
    done: AtomicU64,
    total: AtomicU64,
}

impl Slot {
    fn position(&self) -> Option<i64> {
        self.ready.read().as_ref().map(|ready| ready.position)
    }

    fn read<T>(&self, look: impl FnOnce(&Ready) -> T) -> Result<T> {
        self.ready.read().as_ref().map(look).ok_or_else(|| self.building())
    }

    fn write(&self, change: impl FnOnce(&mut Ready)) -> Result<()> {
        self.ready.write().as_mut().map(change).ok_or_else(|| self.building())
    }

    fn building(&self) -> Error {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let seconds = (total.saturating_sub(done) / RATE + 1).min(60);
        let detail = format!("the audience index is being read: {done} of {total} contacts; ask again in {seconds} s");
        Problem::new(Code::IndexBuilding, detail).retry_after(seconds as u32).into()
    }

    /// Takes in what was committed meanwhile, or reads everything. The caller holds the slot's turn.
    async fn renew(&self, ctx: &Ctx) -> Result<()> {
        if self.position().is_some() && follow::catch_up(ctx, self).await? {
            return Ok(());
        }
        self.build(ctx).await.inspect_err(|error| {
            tracing::error!(workspace = %ctx.workspace, %error, "the audience index could not be read");
        })
    }

    async fn build(&self, ctx: &Ctx) -> Result<()> {
        *self.ready.write() = None;
        self.done.store(0, Ordering::Relaxed);
        let total = contacts::count(ctx).await?;
        self.total.store(total, Ordering::Relaxed);
        let started = ctx.now();
        let ready = follow::build(ctx, total as usize, |done| self.done.store(done, Ordering::Relaxed)).await?;
        let millis = (ctx.now().0 - started.0) / 1000;
        tracing::info!(workspace = %ctx.workspace, contacts = ready.index.len(), millis, "audience index ready");
        *self.ready.write() = Some(ready);
        Ok(())
    }
}

impl Live {
    /// No index yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn slot(&self, workspace: WorkspaceId) -> Arc<Slot> {
        Arc::clone(self.0.lock().entry(workspace).or_default())
    }

    /// How far the workspace's index is.
    pub fn progress(&self, workspace: WorkspaceId) -> Progress {
        let Some(slot) = self.0.lock().get(&workspace).cloned() else { return Progress::Cold };
        if let Some(ready) = slot.ready.read().as_ref() {
            return Progress::Ready { contacts: ready.index.len() as u64 };
        }
        Progress::Building { done: slot.done.load(Ordering::Relaxed), total: slot.total.load(Ordering::Relaxed) }
    }

    /// Forgets a workspace that is no more.
    pub fn drop_workspace(&self, workspace: WorkspaceId) {
        self.0.lock().remove(&workspace);
    }

    /// Forgets a contact at once, ahead of the feed: for erasure.
    pub fn forget(&self, workspace: WorkspaceId, contact: ContactId) {
        let slot = self.0.lock().get(&workspace).cloned();
        if let Some(slot) = slot
            && let Some(ready) = slot.ready.write().as_mut()
        {
            ready.index.remove(contact);
        }
    }

    /// The workspace's index, up to date, being built if need be.
    ///
    /// # Errors
    /// `index_building` with Retry-After when that takes longer than [`PATIENCE`].
    async fn fresh(&self, ctx: &Ctx) -> Result<Arc<Slot>> {
        let slot = self.slot(ctx.workspace);
        let turn = wait(&slot).await?;
        let (renewed, ctx) = (Arc::clone(&slot), ctx.clone());
        // Goes on when the caller has run out of patience: whoever asks next finds less to do.
        let work = tokio::spawn(async move {
            let outcome = renewed.renew(&ctx).await;
            drop(turn);
            outcome
        });
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(outcome) => outcome.map_err(|_| Error::Interrupted)??,
            Err(_) => return Err(slot.building()),
        }
        slot.read(|_| ())?;
        Ok(slot)
    }

    /// Answers with the index on a thread that may be busy for a while.
    async fn ask<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        condition: Option<&Where>,
        answer: impl FnOnce(&Index, RoaringBitmap) -> T + Send + 'static,
    ) -> Result<(T, u64)> {
        let slot = self.fresh(ctx).await?;
        let condition = match condition {
            Some(condition) => slot.read(|ready| ready.catalog.resolve(condition))?.map_err(Problem::from)?,
            None => Where::everyone(),
        };
        let clock = Arc::clone(&ctx.clock);
        let work = move || {
            slot.read(|ready| {
                let now = clock.now();
                let who = ready.index.evaluate(&condition, now);
                let answer = answer(&ready.index, who);
                (answer, (clock.now().0 - now.0).max(0) as u64)
            })
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
    }

    /// How many contacts are in the segment, seen from now.
    ///
    /// # Errors
    /// `index_building`; `invalid_input` when the condition names a tag, topic or field that is not there.
    pub async fn count(&self, ctx: &Ctx, condition: &Where) -> Result<Count> {
        let (count, micros) = self.ask(ctx, Some(condition), |_, who| who.len()).await?;
        Ok(Count { count, micros })
    }

    /// The contacts in the segment, in no order that means anything.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn contacts(&self, ctx: &Ctx, condition: &Where) -> Result<Vec<ContactId>> {
        Ok(self.ask(ctx, Some(condition), |index, who| index.contacts(&who).collect()).await?.0)
    }

    /// Those of these contacts who are in the segment.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn among(&self, ctx: &Ctx, condition: &Where, people: Vec<ContactId>) -> Result<Vec<ContactId>> {
        let chosen = move |index: &Index, who: RoaringBitmap| {
            people.into_iter().filter(|id| index.number(*id).is_some_and(|number| who.contains(number))).collect()
        };
        Ok(self.ask(ctx, Some(condition), chosen).await?.0)
    }

    /// The segment's size and up to `count` of its contacts, evenly spread.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn sample(&self, ctx: &Ctx, condition: &Where, count: usize) -> Result<(u64, Vec<ContactId>)> {
        Ok(self.ask(ctx, Some(condition), move |index, who| (who.len(), index.sample(&who, count))).await?.0)
    }

    /// The most frequent values of a field within a segment, or among everyone.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn facets(&self, ctx: &Ctx, field: Field, condition: Option<&Where>, limit: usize) -> Result<Vec<Facet>> {
        Ok(self.ask(ctx, condition, move |index, who| index.facets(&field, &who, limit)).await?.0)
    }

    /// The contacts whose names, organisation, address or number begin with the query's words.
    ///
    /// # Errors
    /// `index_building`.
    pub async fn search(&self, ctx: &Ctx, query: &str, limit: usize) -> Result<Found> {
        let query = query.chars().take(200).collect::<String>();
        Ok(self.ask(ctx, None, move |index, _| index.search(&query, limit, SEARCH_BUDGET)).await?.0)
    }

    /// Reads a workspace's index ahead of the first question; at start-up.
    ///
    /// # Errors
    /// When the store fails. That it is still being read is no error.
    pub async fn warm(&self, ctx: &Ctx) -> Result<()> {
        match self.fresh(ctx).await {
            Err(Error::Refused(problem)) if problem.code == Code::IndexBuilding => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Keeps every index that was asked for up to date until the future is dropped, so that
    /// questions find little to take in. It waits for the end of a burst of commits, such as an import:
    /// reading people again meanwhile would take from the machine what the import needs.
    pub async fn follow(&self, core: &Core) {
        let mut changed = core.db.feed_changed();
        loop {
            // Another node's commits are announced to nobody here: look now and then.
            if let Ok(Ok(())) = tokio::time::timeout(POLL, changed.changed()).await {
                let mut burst = Burst::begun(core.now());
                while let Some(wait) = burst.wait(core.now()) {
                    match tokio::time::timeout(wait, changed.changed()).await {
                        Ok(Ok(())) => burst.goes_on(core.now()),
                        // Quiet, or the store is closing.
                        Ok(Err(_)) | Err(_) => break,
                    }
                }
            }
            let workspaces: Vec<_> = self.0.lock().keys().copied().collect();
            for workspace in workspaces {
                if let Err(error) = self.warm(&core.ctx(workspace, store::Actor::System)).await {
                    tracing::warn!(%workspace, %error, "the audience index could not follow the feed");
                }
            }
        }
    }
}

async fn wait(slot: &Slot) -> Result<OwnedMutexGuard<()>> {
    tokio::time::timeout(PATIENCE, Arc::clone(&slot.turn).lock_owned()).await.map_err(|_| slot.building())
}
