//! A single signed call to an address that is no endpoint, through the same guard and the same signature.

use data_encoding::BASE64;
use kernel::EventId;
use store::{Ctx, WorkspaceKeys};

use super::Webhooks;
use super::request::{Letter, post};
use super::signature::SECRET_PREFIX;

/// The secret that signs calls of a workspace to one host.
fn secret(keys: &WorkspaceKeys, host: &str) -> [u8; 16] {
    keys.mac("recipient call", host.as_bytes())
}

/// The secret with which the recipient at `url` verifies calls, as it is told to them.
pub fn call_secret(keys: &WorkspaceKeys, url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(format!("{SECRET_PREFIX}{}", BASE64.encode(&secret(keys, url.host_str()?))))
}

impl Webhooks {
    /// POSTs a signed JSON body; true when the answer is a 2xx. Hosts are allowed as for endpoints.
    ///
    /// # Errors
    /// When the workspace's keys cannot be read.
    pub async fn call(&self, ctx: &Ctx, url: &str, id: EventId, body: Vec<u8>) -> store::Result<bool> {
        let Ok(url) = self.client.check(url) else { return Ok(false) };
        let keys = ctx.keys().await?;
        let secrets = vec![secret(&keys, url.host_str().unwrap_or_default()).to_vec()];
        let ended = post(&self.client, &self.core, Letter { url, event: id, body, secrets }).await;
        Ok(ended.failure.is_none())
    }
}
