use aws_lc_rs::signature::KeyPair;
use data_encoding::HEXLOWER;
use kernel::{EventId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::{Core, Ctx, params};

use super::signed;
use crate::{Error, Result};

store::sql! {
    INSERT_CLOSED = "INSERT INTO closed_workspace (id, completed_at, certificate) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    CLOSED = "SELECT certificate FROM closed_workspace WHERE id = $1";
    END_CLOSED = "DELETE FROM closed_workspace WHERE completed_at < $1";
}

const NOTE: &str = "The workspace's key was destroyed: nothing of it can be read any more, in this database or in any \
    backup of it. Its rows were deleted.";

/// A signed statement that a workspace was erased with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCertificate {
    /// The certificate.
    pub id: EventId,
    /// How it is signed; absent in the first ones.
    #[serde(default = "signed::first", skip_serializing_if = "signed::is_first")]
    pub version: u32,
    /// The workspace that was.
    pub workspace: WorkspaceId,
    /// Who asked: an id, or `system` when it had been closed long enough.
    pub actor: String,
    /// When it was carried out.
    pub completed_at: Timestamp,
    /// What happened.
    pub note: String,
    /// The workspace's Ed25519 key, in hex.
    pub public_key: String,
    /// The signature over everything else, in hex.
    pub signature: String,
}

impl WorkspaceCertificate {
    fn message(&self) -> Option<Vec<u8>> {
        if !signed::is_first(&self.version) {
            return signed::octets(self.version, serde_json::to_value(self).ok()?);
        }
        serde_json::to_vec(&Self { signature: String::new(), ..self.clone() }).ok()
    }

    /// Whether the signature is the named key's own.
    pub fn is_authentic(&self) -> bool {
        self.message().is_some_and(|message| signed::fits(&self.public_key, &self.signature, &message))
    }
}

/// Erases a workspace for good: its key first, so that no backup can be read, then every row. What is
/// interrupted is finished by [`purge_destroyed`] at the next start.
///
/// # Errors
/// When the store fails.
pub async fn erase_workspace(ctx: &Ctx) -> Result<WorkspaceCertificate> {
    let pair = crate::ledger::signing_key(ctx).await?;
    let mut certificate = WorkspaceCertificate {
        id: ctx.id(),
        version: signed::VERSION,
        workspace: ctx.workspace,
        actor: ctx.actor.to_string(),
        completed_at: ctx.now(),
        note: NOTE.to_owned(),
        public_key: HEXLOWER.encode(pair.public_key().as_ref()),
        signature: String::new(),
    };
    certificate.signature = signed::sign(&pair, serde_json::json!(certificate))?;
    let text = serde_json::to_string(&certificate).map_err(|_| Error::Corrupt("certificate"))?;
    let (id, at) = (ctx.workspace, certificate.completed_at);
    ctx.db.tx(move |tx| tx.exec(INSERT_CLOSED, params![id, at, text.clone()]).map(|_| ())).await?;
    ctx.vault.destroy_workspace(ctx.workspace).await?;
    ctx.db.erase_workspace(ctx.workspace).await?;
    if let Err(error) = ctx.db.checkpoint().await {
        tracing::info!(%error, "the database's log is folded later");
    }
    Ok(certificate)
}

/// The certificate of a workspace that was erased.
///
/// # Errors
/// When the store fails.
pub async fn workspace_certificate(core: &Core, workspace: WorkspaceId) -> Result<Option<WorkspaceCertificate>> {
    let row: Option<(String,)> = core.db.opt(CLOSED, params![workspace]).await?;
    row.map(|(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("certificate"))).transpose()
}

/// Deletes what a restored backup, or a stopped process, left of workspaces whose keys were destroyed.
///
/// # Errors
/// When the store fails; nothing may be served then.
pub async fn purge_destroyed(core: &Core) -> Result<u64> {
    let mut count = 0;
    for workspace in core.vault.destroyed_workspaces().await? {
        count += core.db.erase_workspace(workspace).await?;
    }
    Ok(count)
}

/// Deletes certificates of workspaces whose time is over.
///
/// # Errors
/// When the store fails.
pub async fn trim_certificates(core: &Core) -> Result<()> {
    let class = crate::retention::named("request.shell").ok_or(Error::Corrupt("retention class"))?;
    let before = class.period.before(core.now());
    Ok(core.db.tx(move |tx| tx.exec(END_CLOSED, params![before]).map(|_| ())).await?)
}
