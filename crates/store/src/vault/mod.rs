//! The key store: wrapped keys and the safety log, in a database of their own, so that a backup of
//! the data can be of any age and an erased person's key is in none of them.

mod cache;
mod files;
mod keys;
mod safety;
mod seal;

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Clock, ContactId, Ids, RawId, Rng, WorkspaceId};
use parking_lot::RwLock;

pub use files::FileKey;
pub use keys::{Blind, SubjectKeys, WorkspaceKeys};
pub use safety::{SafetyEntry, SafetyKind};
pub use seal::{Aad, SealKey};

use crate::{Batch, Db, Error, Result, migration, params, sql};
use cache::SubjectCache;

migration!("keys", 1, "keys", include_str!("../../migrations/keys_0001.sql"));

sql! { @keys
    CHECK = "SELECT sealed FROM master_check WHERE id = 1";
    INSERT_CHECK = "INSERT INTO master_check (id, sealed) VALUES (1, $1)";
    WORKSPACE = "SELECT wrapped FROM workspace_key WHERE workspace = $1";
    WORKSPACES = "SELECT workspace FROM workspace_key ORDER BY workspace";
    INSERT_WORKSPACE = "INSERT INTO workspace_key (workspace, wrapped, created_at) VALUES ($1, $2, $3)";
    DROP_WORKSPACE = "DELETE FROM workspace_key WHERE workspace = $1";
    SUBJECT = "SELECT data, evidence FROM subject_key WHERE workspace = $1 AND subject = $2";
    INSERT_SUBJECT = "INSERT INTO subject_key (workspace, subject, data, evidence) VALUES ($1, $2, $3, $4)";
    DESTROY_DATA = "UPDATE subject_key SET data = NULL WHERE workspace = $1 AND subject = $2";
    FORGET_SUBJECT = "DELETE FROM subject_key WHERE workspace = $1 AND subject = $2 AND data IS NULL AND evidence IS NULL";
    DROP_SUBJECTS = "DELETE FROM subject_key WHERE workspace = $1";
    DROP_FILES = "DELETE FROM file_key WHERE workspace = $1";
    DROP_SAFETY = "DELETE FROM safety_log WHERE workspace = $1 AND scope <> 'workspace'";
    DESTROYED = "SELECT workspace FROM safety_log WHERE kind = 'erasure' AND scope = 'workspace' ORDER BY workspace";
    DESTROY_EVIDENCE = "UPDATE subject_key SET evidence = NULL WHERE workspace = $1 AND subject = $2";
}

/// The pseudo-workspace whose keys seal what belongs to no workspace (users, sessions).
const GLOBAL: WorkspaceId = WorkspaceId([0; 16]);

/// Longer than any token of ours.
const LONGEST_TOKEN: usize = 200;

/// The workspace that a token claims to be of: only good for finding the keys to verify it with.
fn claimed_workspace(token: &str) -> Option<WorkspaceId> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    bytes.get(..16).and_then(|raw| RawId::try_from(raw).ok()).map(WorkspaceId)
}

/// A subject's wrapped keys; each absent once destroyed.
type WrappedPair = (Option<Vec<u8>>, Option<Vec<u8>>);

struct Inner {
    db: Db,
    master: SealKey,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    ids: Ids,
    workspaces: RwLock<HashMap<WorkspaceId, Arc<WorkspaceKeys>>>,
    subjects: SubjectCache,
    global: Arc<WorkspaceKeys>,
}

/// The key store. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

impl Vault {
    /// Opens the key store in `db` under the 32-byte master key; an empty one is made ready.
    ///
    /// # Errors
    /// [`Error::MasterKey`] when the store was made under another master key.
    pub async fn open(db: Db, master: [u8; 32], clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Result<Self> {
        db.migrate_keys(clock.now()).await?;
        let master = SealKey::new(master);
        if let Some((sealed,)) = db.opt::<(Vec<u8>,)>(CHECK, Vec::new()).await? {
            master.open_raw(b"check", &sealed).ok_or_else(|| {
                Error::MasterKey(
                    "the master key is not the one this key store was made with; use the right key file".to_owned(),
                )
            })?;
        } else {
            let sealed = master.seal_raw(b"check", b"barid", rng.as_ref());
            db.tx(move |tx| tx.exec(INSERT_CHECK, params![sealed.clone()]).map(|_| ())).await?;
        }
        let ids = Ids::new(Arc::clone(&clock), Arc::clone(&rng));
        let global = match read_workspace(&db, &master, GLOBAL).await? {
            Some(root) => root,
            None => make_workspace(&db, &master, GLOBAL, clock.now(), rng.as_ref()).await?,
        };
        let global = Arc::new(WorkspaceKeys::derive(GLOBAL, &global, Arc::clone(&rng)));
        Ok(Self(Arc::new(Inner {
            db,
            master,
            clock,
            rng,
            ids,
            workspaces: RwLock::default(),
            subjects: SubjectCache::default(),
            global,
        })))
    }

    /// The key store's own database (for its backup).
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    fn batch(&self, workspace: WorkspaceId) -> Batch {
        Batch::new(workspace, self.0.clock.now(), self.0.ids.clone())
    }

    async fn apply(&self, batch: Batch) -> Result<()> {
        self.0.db.apply(batch).await.map(|_| ())
    }

    /// The keys of what belongs to no workspace: users and their sign-in.
    pub fn global_keys(&self) -> Arc<WorkspaceKeys> {
        Arc::clone(&self.0.global)
    }

    /// Makes a workspace's key, before the workspace's first row.
    ///
    /// # Errors
    /// [`Error::Unique`] when it has one.
    pub async fn create_workspace(&self, workspace: WorkspaceId) -> Result<()> {
        make_workspace(&self.0.db, &self.0.master, workspace, self.0.clock.now(), self.0.rng.as_ref()).await.map(|_| ())
    }

    /// Destroys a workspace's key: everything of it becomes unreadable, backups included.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn destroy_workspace(&self, workspace: WorkspaceId) -> Result<()> {
        // Remembered where a restored backup of the data finds it.
        let mark = SafetyEntry {
            id: self.0.ids.next(),
            kind: SafetyKind::Erasure,
            subject: None,
            hash: None,
            scope: "workspace".to_owned(),
            reason: "erased".to_owned(),
            at: self.0.clock.now(),
            done: true,
        };
        self.safety(workspace, &[mark]).await?;
        let mut batch = self.batch(workspace);
        batch.push(DROP_WORKSPACE, params![workspace]);
        for sql in [DROP_SUBJECTS, DROP_FILES, DROP_SAFETY] {
            batch.push(sql, params![workspace]);
        }
        self.apply(batch).await?;
        self.0.workspaces.write().remove(&workspace);
        self.0.subjects.clear();
        self.0.db.checkpoint().await
    }

    /// Workspaces whose keys were destroyed.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn destroyed_workspaces(&self) -> Result<Vec<WorkspaceId>> {
        let rows: Vec<(WorkspaceId,)> = self.0.db.all(DESTROYED, Vec::new()).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Every workspace that has a key.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn workspaces(&self) -> Result<Vec<WorkspaceId>> {
        let rows: Vec<(WorkspaceId,)> = self.0.db.all(WORKSPACES, Vec::new()).await?;
        Ok(rows.into_iter().map(|row| row.0).filter(|id| *id != GLOBAL).collect())
    }

    /// A workspace's keys.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has none.
    pub async fn keys(&self, workspace: WorkspaceId) -> Result<Arc<WorkspaceKeys>> {
        if let Some(keys) = self.0.workspaces.read().get(&workspace) {
            return Ok(Arc::clone(keys));
        }
        let root = read_workspace(&self.0.db, &self.0.master, workspace).await?.ok_or(Error::NotFound("WORKSPACE"))?;
        let keys = Arc::new(WorkspaceKeys::derive(workspace, &root, Arc::clone(&self.0.rng)));
        self.0.workspaces.write().insert(workspace, Arc::clone(&keys));
        Ok(keys)
    }

    /// Reads a token of [`WorkspaceKeys::sign`] whose payload begins with the id of its workspace: the workspace, and
    /// what follows it. `None` when it is forged, was signed for something else, or its workspace is no more.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn read_token(&self, label: &str, token: &str) -> Result<Option<(WorkspaceId, Vec<u8>)>> {
        let Some(workspace) = claimed_workspace(token) else { return Ok(None) };
        match self.keys(workspace).await {
            Ok(keys) => Ok(keys.verify(label, token).map(|mut payload| (workspace, payload.split_off(16)))),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes both keys of each subject. They are on disk when this returns, so that no row is ever
    /// sealed under a key that could be lost.
    ///
    /// # Errors
    /// When the key store fails or a subject has keys already.
    pub async fn create_subjects(&self, workspace: WorkspaceId, subjects: &[ContactId]) -> Result<Vec<SubjectKeys>> {
        let keys = self.keys(workspace).await?;
        let mut batch = self.batch(workspace);
        let mut out = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let (data, evidence) = (SealKey::random(self.0.rng.as_ref()), SealKey::random(self.0.rng.as_ref()));
            batch.push(
                INSERT_SUBJECT,
                params![workspace, *subject, keys.wrap(&subject.0, &data), keys.wrap(&subject.0, &evidence)],
            );
            out.push(SubjectKeys { data: Some(data), evidence: Some(evidence) });
        }
        self.apply(batch).await?;
        Ok(out)
    }

    /// The keys of one subject; both absent when it is unknown.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn subject(&self, workspace: WorkspaceId, subject: ContactId) -> Result<SubjectKeys> {
        Ok(self.subjects(workspace, &[subject]).await?.pop().unwrap_or_default())
    }

    /// The keys of many subjects, in their order.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn subjects(&self, workspace: WorkspaceId, subjects: &[ContactId]) -> Result<Vec<SubjectKeys>> {
        let keys = self.keys(workspace).await?;
        let epoch = self.0.subjects.epoch();
        let mut out: Vec<Option<SubjectKeys>> =
            subjects.iter().map(|subject| self.0.subjects.get(workspace, *subject)).collect();
        let missing: Vec<usize> = (0..out.len()).filter(|&index| out[index].is_none()).collect();
        let sets = missing.iter().map(|&index| params![workspace, subjects[index]]).collect();
        let rows: Vec<Vec<WrappedPair>> = self.0.db.many(SUBJECT, sets).await?;
        for (index, found) in missing.into_iter().zip(rows) {
            let subject = subjects[index];
            let open = |wrapped: Option<Vec<u8>>| wrapped.map(|bytes| keys.unwrap_key(&subject.0, &bytes)).transpose();
            let pair = match found.into_iter().next() {
                Some((data, evidence)) => SubjectKeys { data: open(data)?, evidence: open(evidence)? },
                None => SubjectKeys::default(),
            };
            self.0.subjects.put(epoch, workspace, subject, pair.clone());
            out[index] = Some(pair);
        }
        Ok(out.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Destroys data keys: what was sealed under them is gone, also from every backup of the data.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn destroy_data_keys(&self, workspace: WorkspaceId, subjects: &[ContactId]) -> Result<()> {
        self.destroy(workspace, subjects, DESTROY_DATA).await
    }

    /// Destroys evidence keys, when the retention of evidence ends.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn destroy_evidence_keys(&self, workspace: WorkspaceId, subjects: &[ContactId]) -> Result<()> {
        self.destroy(workspace, subjects, DESTROY_EVIDENCE).await
    }

    /// Drops what is left of subjects both of whose keys were destroyed: their ids.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn forget_subjects(&self, workspace: WorkspaceId, subjects: &[ContactId]) -> Result<()> {
        self.destroy(workspace, subjects, FORGET_SUBJECT).await
    }

    async fn destroy(&self, workspace: WorkspaceId, subjects: &[ContactId], sql: crate::Sql) -> Result<()> {
        let mut batch = self.batch(workspace);
        for subject in subjects {
            batch.push(sql, params![workspace, *subject]);
        }
        self.apply(batch).await?;
        self.0.subjects.clear();
        // The write-ahead log still holds the old page; a busy reader only delays this until the database is idle.
        if let Err(error) = self.0.db.checkpoint().await {
            tracing::info!(%error, "the key store's log is folded later");
        }
        Ok(())
    }
}

async fn read_workspace(db: &Db, master: &SealKey, workspace: WorkspaceId) -> Result<Option<SealKey>> {
    let Some((wrapped,)) = db.opt::<(Vec<u8>,)>(WORKSPACE, params![workspace]).await? else { return Ok(None) };
    let bytes = master.open_raw(&workspace.0, &wrapped).and_then(|b| <[u8; 32]>::try_from(b).ok());
    bytes.map(SealKey::new).map(Some).ok_or(Error::Seal("workspace key"))
}

async fn make_workspace(
    db: &Db,
    master: &SealKey,
    workspace: WorkspaceId,
    now: kernel::Timestamp,
    rng: &dyn Rng,
) -> Result<SealKey> {
    let root = SealKey::random(rng);
    let wrapped = master.seal_raw(&workspace.0, root.bytes(), rng);
    db.tx(move |tx| tx.exec(INSERT_WORKSPACE, params![workspace, wrapped.clone(), now]).map(|_| ())).await?;
    Ok(root)
}
