//! The mailed link to a payment that waits for somebody's confirmation: unguessable, and never acting on GET.

use kernel::{PaymentId, WorkspaceId};
use store::{Core, WorkspaceKeys};

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
    let Some((workspace, payload)) = core.vault.read_token(LABEL, token).await? else { return Ok(None) };
    Ok(payload.try_into().ok().map(|id| (workspace, PaymentId(id))))
}
