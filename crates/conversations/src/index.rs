//! What was said, as search needs it at hand: of every conversation the set of its three-letter pieces, in memory only.
//!
//! Words rest sealed, and opening every conversation for every question takes long. A question is answered by going
//! through the conversations as before, without opening those whose pieces say that the words cannot stand there. The
//! pieces are hashes under a key of this process; they are made at the start, the newest conversations first, kept by
//! the change feed, and bounded: what does not fit is opened when somebody asks.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use kernel::{ConversationId, WorkspaceId};
use parking_lot::RwLock;
use store::{Actor, Core, Ctx, feed};

use crate::conversations::{self as rows, Conversation, View, Wanted};
use crate::events;
use crate::mailing::transcript;
use crate::{Error, Result};

/// Between two looks at the change feed while nothing is committed here.
const PAUSE: Duration = Duration::from_secs(2);
/// Entries of the feed read at a time.
const PAGE: u32 = 500;
/// What a conversation costs besides its pieces, in octets.
const ENTRY: usize = 96;
/// Letters of a piece.
const LETTERS: usize = 3;

struct Doc {
    /// Up to which event it tells.
    upto: i64,
    /// Hashes of its pieces, sorted.
    grams: Box<[u32]>,
}

impl Doc {
    fn size(&self) -> usize {
        ENTRY + self.grams.len() * size_of::<u32>()
    }
}

#[derive(Default)]
struct Shelf {
    docs: HashMap<ConversationId, Doc>,
    /// The last entry of the feed that was followed.
    position: i64,
}

#[derive(Default)]
struct Inner {
    shelves: RwLock<Shelves>,
    hasher: RandomState,
    budget: usize,
}

#[derive(Default)]
struct Shelves {
    all: HashMap<WorkspaceId, Shelf>,
    /// Octets taken.
    taken: usize,
}

/// The index of a process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Index(Arc<Inner>);

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

/// A question as the index reads it: the pieces of all of its words.
#[derive(Debug, Clone)]
pub struct Question(Vec<u32>);

impl Index {
    /// An index of at most so many octets; 0 keeps nothing.
    pub fn new(budget: usize) -> Self {
        Self(Arc::new(Inner { budget, ..Inner::default() }))
    }

    /// Adds the pieces of a folded text.
    fn grams(&self, folded: &str, out: &mut Vec<u32>) {
        let letters: Vec<char> = folded.chars().collect();
        for piece in letters.windows(LETTERS) {
            // Half of the hash: a collision opens a conversation in vain, no more.
            out.push(self.0.hasher.hash_one(piece) as u32);
        }
    }

    /// The question with these folded words.
    pub fn question(&self, words: &[String]) -> Question {
        let mut grams = Vec::new();
        for word in words {
            self.grams(word, &mut grams);
        }
        Question(grams)
    }

    /// Whether it is certain that the words stand nowhere in the conversation.
    pub fn lacks(&self, workspace: WorkspaceId, row: &Conversation, question: &Question) -> bool {
        let shelves = self.0.shelves.read();
        let doc = shelves.all.get(&workspace).and_then(|shelf| shelf.docs.get(&row.id));
        doc.is_some_and(|doc| {
            doc.upto >= row.last_seq && question.0.iter().any(|gram| doc.grams.binary_search(gram).is_err())
        })
    }

    /// How many conversations it knows, and the octets they take.
    pub fn size(&self) -> (usize, usize) {
        let shelves = self.0.shelves.read();
        (shelves.all.values().map(|shelf| shelf.docs.len()).sum(), shelves.taken)
    }

    fn forget(&self, workspace: WorkspaceId, id: ConversationId) {
        let mut shelves = self.0.shelves.write();
        let gone = shelves.all.get_mut(&workspace).and_then(|shelf| shelf.docs.remove(&id));
        shelves.taken -= gone.map_or(0, |doc| doc.size());
    }

    /// Takes a conversation in as it is now; whether there was room.
    async fn take(&self, ctx: &Ctx, row: &Conversation) -> Result<bool> {
        if row.is_encrypted() {
            return Ok(true);
        }
        let lines = match transcript(ctx, row.id, None, true).await {
            Ok(lines) => lines,
            Err(Error::Store(store::Error::KeyDestroyed)) => {
                self.forget(ctx.workspace, row.id);
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        let mut grams = Vec::new();
        for line in &lines {
            self.grams(&kernel::fold(&line.text), &mut grams);
        }
        grams.sort_unstable();
        grams.dedup();
        Ok(self.put(ctx.workspace, row.id, Doc { upto: row.last_seq, grams: grams.into() }))
    }

    fn put(&self, workspace: WorkspaceId, id: ConversationId, doc: Doc) -> bool {
        let mut shelves = self.0.shelves.write();
        let size = doc.size();
        let before = shelves.all.get(&workspace).and_then(|shelf| shelf.docs.get(&id)).map_or(0, Doc::size);
        if shelves.taken - before + size > self.0.budget {
            drop(shelves);
            self.forget(workspace, id);
            return false;
        }
        shelves.taken = shelves.taken - before + size;
        shelves.all.entry(workspace).or_default().docs.insert(id, doc);
        true
    }

    /// Reads a workspace's conversations, the newest first, as far as there is room.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn build(&self, ctx: &Ctx) -> Result<()> {
        let head = feed::head(&ctx.db, ctx.workspace).await?;
        self.0.shelves.write().all.entry(ctx.workspace).or_default().position = head;
        let mut wanted = Wanted { limit: 100, ..Wanted::of(View::All) };
        loop {
            let (page, next) = rows::list(ctx, &wanted).await?;
            for row in page {
                if !self.take(ctx, &row).await? {
                    return Ok(());
                }
                tokio::task::yield_now().await;
            }
            let Some(next) = next else { return Ok(()) };
            wanted.after = Some(next);
        }
    }

    /// Follows what happened in a workspace since it was looked at last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn step(&self, ctx: &Ctx) -> Result<()> {
        let position = self.0.shelves.read().all.get(&ctx.workspace).map(|shelf| shelf.position);
        let Some(mut position) = position else { return self.build(ctx).await };
        loop {
            let entries = feed::read_after(&ctx.db, ctx.workspace, position, PAGE).await?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
            let mut changed: Vec<ConversationId> = Vec::new();
            for entry in &entries {
                match entry.kind.as_str() {
                    "conversation.event" => changed.push(ConversationId(entry.entity)),
                    "conversation.erased" => self.forget(ctx.workspace, ConversationId(entry.entity)),
                    // Whoever was erased took their conversations along.
                    kind if kind.ends_with(".erased") => self.sweep(ctx).await?,
                    _ => {}
                }
            }
            changed.sort_unstable();
            changed.dedup();
            for id in changed {
                match rows::get(ctx, id).await {
                    Ok(row) => {
                        self.add_new(ctx, &row).await?;
                    }
                    Err(Error::NotFound(_)) => self.forget(ctx.workspace, id),
                    Err(error) => return Err(error),
                }
            }
            position = last;
            if let Some(shelf) = self.0.shelves.write().all.get_mut(&ctx.workspace) {
                shelf.position = last;
            }
        }
    }

    /// Adds what was said since; the rest of a long conversation is not opened again for it.
    async fn add_new(&self, ctx: &Ctx, row: &Conversation) -> Result<bool> {
        let known = {
            let shelves = self.0.shelves.read();
            let doc = shelves.all.get(&ctx.workspace).and_then(|shelf| shelf.docs.get(&row.id));
            doc.map(|doc| (doc.upto, doc.grams.to_vec()))
        };
        let Some((upto, mut grams)) = known else { return self.take(ctx, row).await };
        let new = match events::after(ctx, row.id, upto, events::MOST).await {
            Ok(new) if new.len() < events::MOST as usize => new,
            Ok(_) => return self.take(ctx, row).await,
            Err(Error::Store(store::Error::KeyDestroyed)) => {
                self.forget(ctx.workspace, row.id);
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        let upto = new.last().map_or(upto, |event| event.seq);
        for event in &new {
            self.grams(&kernel::fold(&crate::mailing::words_of(event)), &mut grams);
        }
        grams.sort_unstable();
        grams.dedup();
        Ok(self.put(ctx.workspace, row.id, Doc { upto, grams: grams.into() }))
    }

    /// Drops what is not there any more.
    async fn sweep(&self, ctx: &Ctx) -> Result<()> {
        let known: Vec<ConversationId> = {
            let shelves = self.0.shelves.read();
            shelves.all.get(&ctx.workspace).map(|shelf| shelf.docs.keys().copied().collect()).unwrap_or_default()
        };
        for id in known {
            if matches!(rows::get(ctx, id).await, Err(Error::NotFound(_))) {
                self.forget(ctx.workspace, id);
            }
        }
        Ok(())
    }

    /// Builds the index of every workspace and keeps it, until the task is dropped.
    pub async fn follow(&self, core: Core) {
        if self.0.budget == 0 {
            return;
        }
        let mut committed = core.db.feed_changed();
        let mut heads: HashMap<WorkspaceId, i64> = HashMap::new();
        loop {
            match feed::heads(&core.db).await {
                Ok(now) => {
                    for (workspace, head) in now {
                        if heads.get(&workspace) == Some(&head) {
                            continue;
                        }
                        match self.step(&core.ctx(workspace, Actor::System)).await {
                            Ok(()) => {
                                heads.insert(workspace, head);
                            }
                            Err(error) => tracing::warn!(%error, "the index of conversations is kept later"),
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "the index of conversations is kept later"),
            }
            tokio::time::sleep(PAUSE).await;
            committed.mark_unchanged();
            let _ = tokio::time::timeout(PAUSE * 30, committed.changed()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_of_letters_and_the_same_for_the_same() {
        let index = Index::new(1000);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        index.grams("الشحن", &mut one);
        index.grams("متي الشحن الي مكه", &mut other);
        assert_eq!(one.len(), 3);
        assert!(one.iter().all(|gram| other.contains(gram)));
        let mut short = Vec::new();
        index.grams("ab", &mut short);
        assert!(short.is_empty(), "short words are looked for by reading");
    }
}
