//! The handles that every function of every slice receives.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use kernel::{ApiKeyId, Clock, ContactId, Ids, RawId, Rng, Timestamp, UserId, WorkspaceId};

use crate::{Aad, Batch, Db, Result, Tally, Vault, WorkspaceKeys};

/// What the process has one of.
#[derive(Clone)]
pub struct Core {
    /// The data.
    pub db: Db,
    /// The keys.
    pub vault: Vault,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub rng: Arc<dyn Rng>,
    /// New identifiers.
    pub ids: Ids,
    /// Where the server stands, in words, when its operator said so.
    pub place: Option<Arc<str>>,
    /// What was counted and is not written down yet.
    pub tally: Arc<Tally>,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Barid itself: jobs, timers.
    System,
    /// Somebody at the machine's console.
    Console,
    /// A member who is signed in.
    User(UserId),
    /// An API key.
    Key(ApiKeyId),
    /// The person concerned, through a public page or a reply.
    Person,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Console => f.write_str("console"),
            Self::User(id) => id.fmt(f),
            Self::Key(id) => id.fmt(f),
            Self::Person => f.write_str("person"),
        }
    }
}

/// A call within one workspace by one actor. Every statement takes its workspace from here.
#[derive(Clone)]
pub struct Ctx {
    /// The process.
    pub core: Core,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: Actor,
}

impl Core {
    /// Everything over an open database and key store.
    pub fn new(db: Db, vault: Vault, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        let ids = Ids::new(Arc::clone(&clock), Arc::clone(&rng));
        Self { db, vault, clock, rng, ids, place: None, tally: Arc::default() }
    }

    /// The same, standing somewhere: told to people where their data are.
    #[must_use]
    pub fn standing_in(mut self, place: Option<&str>) -> Self {
        self.place = place.map(Arc::from);
        self
    }

    /// A call's context.
    pub fn ctx(&self, workspace: WorkspaceId, actor: Actor) -> Ctx {
        Ctx { core: self.clone(), workspace, actor }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Deref for Ctx {
    type Target = Core;
    fn deref(&self) -> &Core {
        &self.core
    }
}

impl Ctx {
    /// A new identifier.
    pub fn id<T: From<RawId>>(&self) -> T {
        self.core.ids.next()
    }

    /// The workspace's keys.
    ///
    /// # Errors
    /// When the workspace has none or the key store fails.
    pub async fn keys(&self) -> Result<Arc<WorkspaceKeys>> {
        self.core.vault.keys(self.workspace).await
    }

    /// An empty batch of this workspace, now.
    pub fn batch(&self) -> Batch {
        Batch::new(self.workspace, self.now(), self.core.ids.clone())
    }

    /// What binds a sealed value to its place.
    pub fn aad(&self, subject: ContactId, column: &'static str) -> Aad {
        Aad { workspace: self.workspace, subject, column }
    }
}
