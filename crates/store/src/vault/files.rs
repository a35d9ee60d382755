//! Keys of short-lived files: staged uploads, reject files, index snapshots. They are destroyed
//! with the file and never backed up for longer than the key store itself.

use kernel::{RawId, Timestamp, WorkspaceId};

use super::{SealKey, Vault};
use crate::{Error, Result, params, sql};

sql! { @keys
    INSERT = "INSERT INTO file_key (workspace, file, wrapped, expires_at) VALUES ($1, $2, $3, $4)";
    READ = "SELECT wrapped FROM file_key WHERE workspace = $1 AND file = $2";
    DROP = "DELETE FROM file_key WHERE workspace = $1 AND file = $2";
    EXPIRED = "SELECT workspace, file FROM file_key WHERE expires_at <= $1";
}

/// The key of one file, which is written and read in chunks.
#[derive(Clone, Debug)]
pub struct FileKey {
    file: RawId,
    key: SealKey,
    vault: Vault,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key store]")
    }
}

impl FileKey {
    fn place(&self, chunk: u64) -> [u8; 24] {
        let mut out = [0; 24];
        out[..16].copy_from_slice(&self.file);
        out[16..].copy_from_slice(&chunk.to_be_bytes());
        out
    }

    /// Seals the chunk with this number; its place in the file is bound to it.
    pub fn seal(&self, chunk: u64, plain: &[u8]) -> Vec<u8> {
        self.key.seal_raw(&self.place(chunk), plain, self.vault.0.rng.as_ref())
    }

    /// Opens the chunk with this number.
    ///
    /// # Errors
    /// [`Error::Seal`] when the bytes were changed or belong elsewhere.
    pub fn open(&self, chunk: u64, sealed: &[u8]) -> Result<Vec<u8>> {
        self.key.open_raw(&self.place(chunk), sealed).ok_or(Error::Seal("file"))
    }
}

impl Vault {
    /// Makes the key of a new file that lives until `expires_at` at most.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn create_file(&self, workspace: WorkspaceId, file: RawId, expires_at: Timestamp) -> Result<FileKey> {
        let keys = self.keys(workspace).await?;
        let key = SealKey::random(self.0.rng.as_ref());
        let mut batch = self.batch(workspace);
        batch.push(INSERT, params![workspace, file, keys.wrap(&file, &key), expires_at]);
        self.apply(batch).await?;
        Ok(FileKey { file, key, vault: self.clone() })
    }

    /// The key of a file.
    ///
    /// # Errors
    /// [`Error::KeyDestroyed`] when the file is past its life.
    pub async fn file(&self, workspace: WorkspaceId, file: RawId) -> Result<FileKey> {
        let keys = self.keys(workspace).await?;
        let (wrapped,): (Vec<u8>,) = self.db().opt(READ, params![workspace, file]).await?.ok_or(Error::KeyDestroyed)?;
        Ok(FileKey { file, key: keys.unwrap_key(&file, &wrapped)?, vault: self.clone() })
    }

    /// Destroys the key of a file.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn destroy_file(&self, workspace: WorkspaceId, file: RawId) -> Result<()> {
        let mut batch = self.batch(workspace);
        batch.push(DROP, params![workspace, file]);
        self.apply(batch).await
    }

    /// Files past their life, to be deleted with their keys.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn expired_files(&self, now: Timestamp) -> Result<Vec<(WorkspaceId, RawId)>> {
        self.db().all(EXPIRED, params![now]).await
    }
}
