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
    PUT = "INSERT INTO payment_account (workspace, provider, secret, signing, base, connected_by, connected_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (workspace, provider) DO UPDATE SET secret = excluded.secret, signing = excluded.signing, base = excluded.base,
            connected_by = excluded.connected_by, connected_at = excluded.connected_at";
    GET = "SELECT secret, signing, base, connected_at FROM payment_account WHERE workspace = $1 AND provider = $2";
    REMOVE = "DELETE FROM payment_account WHERE workspace = $1 AND provider = $2";
}

/// What speaks for the workspace at its provider.
#[derive(Clone)]
pub struct Credentials {
    /// The key that orders.
    pub secret: String,
    /// The key that the provider's calls are signed with.
    pub signing: String,
    /// Where the provider's interface is, where that is another place than usual.
    pub base: Option<String>,
    /// Since when.
    pub connected_at: Timestamp,
}

/// What an account is connected with. What is absent stays as it was.
#[derive(Clone, Default)]
pub struct Connect {
    /// The key that orders.
    pub secret: Option<String>,
    /// The key that the provider's calls are signed with.
    pub signing: Option<String>,
    /// Where the provider's interface is, where that is another place than usual; whether it may be contacted is the
    /// caller's to judge.
    pub base: Option<String>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connect([secret])")
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("connected_at", &self.connected_at).finish_non_exhaustive()
    }
}

/// Connects or changes the account.
///
/// # Errors
/// A secret that is missing at first, empty, too long or holds anything but visible ASCII.
pub async fn connect(ctx: &Ctx, provider: &str, change: Connect) -> Result<()> {
    let before = of(ctx, provider).await?;
    let (mut secret, mut signing) = (change.secret, change.signing);
    if let Some(before) = before {
        // Keys speak to one server only: another one never gets to see those that were told to the first.
        if before.base == change.base {
            secret = secret.or(Some(before.secret));
            signing = signing.or(Some(before.signing));
        }
    }
    for (field, value) in [("secret_key", &secret), ("webhook_secret", &signing)] {
        let value = value.as_deref().unwrap_or_default();
        if value.is_empty() || value.len() > LONGEST || !value.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::Field { field, detail: "as the provider shows it: no spaces, at most 500 characters" });
        }
    }
    let keys = ctx.keys().await?;
    let seal = |column, text: Option<String>| keys.seal(column, text.unwrap_or_default().as_bytes());
    let (secret, signing) = (seal(SECRET, secret), seal(SIGNING, signing));
    let mut batch = ctx.batch();
    let row = params![ctx.workspace, provider, secret, signing, change.base, ctx.actor.to_string(), ctx.now()];
    batch.push(PUT, row);
    accounts::audit::record(&mut batch, ctx, "payments.connected", &[&provider]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The account, when one is connected.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, provider: &str) -> Result<Option<Credentials>> {
    type Row = (Vec<u8>, Vec<u8>, Option<String>, Timestamp);
    let row: Option<Row> = ctx.db.opt(GET, params![ctx.workspace, provider]).await?;
    let Some((secret, signing, base, connected_at)) = row else { return Ok(None) };
    let keys = ctx.keys().await?;
    let text = |column, sealed: &[u8]| -> Result<String> {
        Ok(String::from_utf8(keys.open(column, sealed)?).map_err(|_| store::Error::Seal("payment_account"))?)
    };
    Ok(Some(Credentials { secret: text(SECRET, &secret)?, signing: text(SIGNING, &signing)?, base, connected_at }))
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
