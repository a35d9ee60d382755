use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::HEXLOWER;
use kernel::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::ledger::{GENESIS, Hash};
use store::{Ctx, params};

use super::queries;
use crate::{Error, Result};

const KEY_USE: &str = "ledger";
const KEY_COLUMN: &str = "signing_key.sealed";

/// A signed head of the ledger, to be kept elsewhere: with it, rewriting or cutting off anything
/// up to `seq` is found. Ed25519 (RFC 8032) over the other fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Whose ledger.
    pub workspace: WorkspaceId,
    /// The last record covered; 0 for an empty ledger.
    pub seq: u64,
    /// Its hash, in hex.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The workspace's Ed25519 key, in hex.
    pub public_key: String,
    /// The signature, in hex.
    pub signature: String,
}

impl Checkpoint {
    fn message(workspace: WorkspaceId, seq: u64, hash: &Hash, at: Timestamp) -> Vec<u8> {
        let mut out = b"barid ledger checkpoint 1\0".to_vec();
        out.extend_from_slice(&workspace.0);
        out.extend_from_slice(&seq.to_be_bytes());
        out.extend_from_slice(hash);
        out.extend_from_slice(&at.0.to_be_bytes());
        out
    }

    pub(crate) fn hash_bytes(&self) -> Option<Hash> {
        HEXLOWER.decode(self.hash.as_bytes()).ok()?.try_into().ok()
    }

    /// Whether the signature is the named key's own. Whether the key is the workspace's is for
    /// whoever kept the file to know.
    pub fn is_authentic(&self) -> bool {
        let (Some(hash), Ok(key), Ok(signature)) = (
            self.hash_bytes(),
            HEXLOWER.decode(self.public_key.as_bytes()),
            HEXLOWER.decode(self.signature.as_bytes()),
        ) else {
            return false;
        };
        let message = Self::message(self.workspace, self.seq, &hash, self.at);
        UnparsedPublicKey::new(&ED25519, key).verify(&message, &signature).is_ok()
    }
}

/// The workspace's signing key: made on first use, its seed sealed under the workspace's key.
pub(crate) async fn signing_key(ctx: &Ctx) -> Result<Ed25519KeyPair> {
    let keys = ctx.keys().await?;
    let read = || ctx.db.opt::<(Vec<u8>, Vec<u8>)>(queries::SIGNING_KEY, params![ctx.workspace, KEY_USE]);
    let mut row = read().await?;
    if row.is_none() {
        let mut seed = [0u8; 32];
        ctx.rng.fill(&mut seed);
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Error::Corrupt("signing key"))?;
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_SIGNING_KEY,
            params![ctx.workspace, KEY_USE, pair.public_key().as_ref(), keys.seal(KEY_COLUMN, &seed), ctx.now()],
        );
        ctx.db.apply(batch).await?;
        // Two may have been first: whichever committed is the key.
        row = read().await?;
    }
    let (_, sealed) = row.ok_or(Error::NotFound("signing key"))?;
    let seed = keys.open(KEY_COLUMN, &sealed)?;
    Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Error::Corrupt("signing key"))
}

/// Signs the ledger's head and keeps a copy in the database.
///
/// # Errors
/// When the store or the workspace's keys fail.
pub async fn checkpoint(ctx: &Ctx) -> Result<Checkpoint> {
    let pair = signing_key(ctx).await?;
    let head: Option<queries::RecordRow> = ctx.db.opt(queries::HEAD_RECORD, params![ctx.workspace]).await?;
    let (seq, hash) = match head {
        Some(row) => (row.seq.unsigned_abs(), row.hash.try_into().map_err(|_| Error::Corrupt("ledger hash"))?),
        None => (0, GENESIS),
    };
    let at = ctx.now();
    let signature = pair.sign(&Checkpoint::message(ctx.workspace, seq, &hash, at));
    if seq > 0 {
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_CHECKPOINT,
            params![ctx.workspace, seq, hash, at, pair.public_key().as_ref(), signature.as_ref()],
        );
        ctx.db.apply(batch).await?;
    }
    Ok(Checkpoint {
        workspace: ctx.workspace,
        seq,
        hash: HEXLOWER.encode(&hash),
        at,
        public_key: HEXLOWER.encode(pair.public_key().as_ref()),
        signature: HEXLOWER.encode(signature.as_ref()),
    })
}

store::personal!(store::PersonalTable {
    table: "signing_key",
    class: "workspace.keys",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("the workspace's own key; it says nothing about any person"),
    collect: None,
});
