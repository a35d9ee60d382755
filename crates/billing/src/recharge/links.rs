//! The mailed link to a payment that waits for somebody's confirmation: unguessable, and never acting on GET.

use kernel::{PaymentId, WorkspaceId};
use store::{Core, Vault, WorkspaceKeys};

use crate::Result;

const LABEL: &str = "recharge confirm";

/// The address of the page.
pub fn link(keys: &WorkspaceKeys, public_url: &str, workspace: WorkspaceId, payment: PaymentId) -> String {
    let mut payload = Vec::with_capacity(32);
    payload.extend_from_slice(&workspace.0);
    payload.extend_from_slice(&payment.0);
    format!("{public_url}/pay/{}", keys.sign(LABEL, &payload))
}

/// Reads the token of such an address; `None` when it is forged, of another purpose, or foreign.
///
/// # Errors
/// When the key store is not available.
pub async fn read(core: &Core, token: &str) -> Result<Option<(WorkspaceId, PaymentId)>> {
    if token.len() > 200 {
        return Ok(None);
    }
    let Some(workspace) = Vault::token_workspace(token) else { return Ok(None) };
    let keys = match core.vault.keys(workspace).await {
        Ok(keys) => keys,
        Err(store::Error::Unavailable(why)) => return Err(store::Error::Unavailable(why).into()),
        Err(_) => return Ok(None),
    };
    let Some(payload) = keys.verify(LABEL, token) else { return Ok(None) };
    let Ok(bytes) = <[u8; 32]>::try_from(payload) else { return Ok(None) };
    let id = |from: usize| -> [u8; 16] { std::array::from_fn(|index| bytes[from + index]) };
    Ok((WorkspaceId(id(0)) == workspace).then(|| (workspace, PaymentId(id(16)))))
}
