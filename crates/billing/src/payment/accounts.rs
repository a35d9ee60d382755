//! A workspace's account at a payment provider: two secrets, sealed.

use kernel::Timestamp;
use store::{Ctx, params, sql};

use crate::{Error, Result};

/// Columns as they are bound into seals.
const SECRET: &str = "payment_account.secret";
const SIGNING: &str = "payment_account.signing";
/// The longest secret, in octets.
const LONGEST: usize = 500;

sql! {
    PUT = "INSERT INTO payment_account (workspace, provider, secret, signing, connected_by, connected_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, provider) DO UPDATE SET secret = excluded.secret, signing = excluded.signing,
            connected_by = excluded.connected_by, connected_at = excluded.connected_at";
    GET = "SELECT secret, signing, connected_at FROM payment_account WHERE workspace = $1 AND provider = $2";
    REMOVE = "DELETE FROM payment_account WHERE workspace = $1 AND provider = $2";
}

/// What speaks for the workspace at its provider.
#[derive(Clone)]
pub struct Credentials {
    /// The key that orders.
    pub secret: String,
    /// The key that the provider's calls are signed with.
    pub signing: String,
    /// Since when.
    pub connected_at: Timestamp,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("connected_at", &self.connected_at).finish_non_exhaustive()
    }
}

/// Connects or changes the account.
///
/// # Errors
/// A secret that is empty, too long or holds anything but visible ASCII.
pub async fn connect(ctx: &Ctx, provider: &str, secret: &str, signing: &str) -> Result<()> {
    for (field, value) in [("secret_key", secret), ("signing_secret", signing)] {
        if value.is_empty() || value.len() > LONGEST || !value.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::Field { field, detail: "as the provider shows it: no spaces, at most 500 characters" });
        }
    }
    let keys = ctx.keys().await?;
    let (secret, signing) = (keys.seal(SECRET, secret.as_bytes()), keys.seal(SIGNING, signing.as_bytes()));
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, provider, secret, signing, ctx.actor.to_string(), ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "payments.connected", &[&provider]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The account, when one is connected.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, provider: &str) -> Result<Option<Credentials>> {
    let row: Option<(Vec<u8>, Vec<u8>, Timestamp)> = ctx.db.opt(GET, params![ctx.workspace, provider]).await?;
    let Some((secret, signing, connected_at)) = row else { return Ok(None) };
    let keys = ctx.keys().await?;
    let text = |column, sealed: &[u8]| -> Result<String> {
        Ok(String::from_utf8(keys.open(column, sealed)?).map_err(|_| store::Error::Seal("payment_account"))?)
    };
    Ok(Some(Credentials { secret: text(SECRET, &secret)?, signing: text(SIGNING, &signing)?, connected_at }))
}

/// Forgets the account; payments that were made stay in the book.
///
/// # Errors
/// When the store fails.
pub async fn disconnect(ctx: &Ctx, provider: &str) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(REMOVE, params![ctx.workspace, provider]);
    accounts::audit::record(&mut batch, ctx, "payments.disconnected", &[&provider]);
    ctx.db.apply(batch).await?;
    Ok(())
}
