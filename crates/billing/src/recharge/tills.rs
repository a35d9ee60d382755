//! The account that the money goes to, as the wiring fills it in.

use kernel::{Timestamp, WorkspaceId};
use store::{Core, Ctx};

use super::{drive, method};
use crate::payment::Refusal;
use crate::payment::saved::{About, SavedMethods};
use crate::{Error, Result};

/// Why nothing can be paid.
pub const NONE: Error =
    Error::State("this server has no payment provider; whoever runs it names one in recharge_key_file");

/// A provider's account, seen from one workspace.
pub type Till = Box<dyn SavedMethods>;

/// Whether there is an account at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether anything can be paid.
    pub available: bool,
    /// Whether the key moves no real money.
    pub test: bool,
}

/// The account of whoever runs this server.
pub trait Tills: Send + Sync {
    /// Whether there is one.
    fn standing(&self) -> Standing;

    /// The account, seen from a workspace.
    ///
    /// # Errors
    /// [`Error::State`] when there is none.
    fn till(&self, workspace: WorkspaceId) -> Result<Till>;

    /// This server's own address, without a slash at its end.
    fn public_url(&self) -> &str;

    /// Reads a signed call of the provider's: in which workspace, about what.
    ///
    /// # Errors
    /// [`Refusal::Signature`]; a body that cannot be read; no account.
    fn about(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<(WorkspaceId, About)>>;
}

/// Takes a provider's signed call. It only says where to look: what stands is asked of the provider. Told twice, it counts
/// once.
///
/// # Errors
/// A wrong signature, a body that cannot be read; the provider's or the store's, and it should be told again.
pub async fn heard(core: &Core, tills: &dyn Tills, signature: &str, body: &[u8]) -> Result<()> {
    let Some((workspace, about)) = tills.about(signature, body, core.now())? else { return Ok(()) };
    let known = accounts::workspaces::find(core, workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?;
    if known.is_none() {
        return Ok(());
    }
    let ctx: Ctx = core.ctx(workspace, store::Actor::System);
    let done = match about {
        About::Payment(id) => drive::look(&ctx, tills, id).await.map(|_| ()),
        About::Returned(id) => drive::returned(&ctx, id).await,
        About::Method(id) => method::look(&ctx, tills, id).await.map(|_| ()),
    };
    match done {
        // The account may be shared with what is not ours, or ours may have ended long ago.
        Err(Error::NotFound(_) | Error::Provider(Refusal::Gone)) => Ok(()),
        other => other,
    }
}
