//! Emergency access ("break glass"): the operator of the machine opens a workspace for a limited time, with a
//! reason. Without it the operator has no way into a workspace: there is no account above the others.
//!
//! What is opened is an API key that ends by itself. The owners are told by mail, the audit trail keeps the
//! reason sealed, the key stands in the list of keys and can be revoked there like any other.

use kernel::{ApiKeyId, Timestamp};
use serde_json::json;
use store::Ctx;

use crate::keys::NewKey;
use crate::members::Permissions;
use crate::users::tokens::{Kind, ask};
use crate::workspaces::owners;
use crate::{Accounts, Error, Result, audit};

/// The longest time, in minutes.
pub const LONGEST_MINUTES: u32 = 480;
/// The shortest reason, in characters: a word is none.
pub const SHORTEST_REASON: usize = 10;

/// What the operator asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Why.
    pub reason: String,
    /// For how many minutes, 1 to [`LONGEST_MINUTES`].
    pub minutes: u32,
    /// What may be done, as scopes of keys; reading when empty.
    pub scopes: Vec<String>,
}

/// What was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The key.
    pub id: ApiKeyId,
    /// Its text, shown once.
    pub key: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How many owners are told.
    pub owners_told: usize,
}

impl Accounts {
    /// Opens the workspace of the context. The mail to the owners and the entry of the audit trail are
    /// committed before the key is made, so nobody gets in unnoticed.
    ///
    /// # Errors
    /// [`Error::Field`] for a reason or a time that is none, and for unknown scopes.
    pub async fn open_emergency(&self, ctx: &Ctx, asked: Asked) -> Result<Opened> {
        let reason = asked.reason.trim();
        if reason.chars().count() < SHORTEST_REASON || reason.chars().count() > 1000 {
            return Err(Error::field("reason", "say why, in 10 to 1000 characters"));
        }
        if !(1..=LONGEST_MINUTES).contains(&asked.minutes) {
            return Err(Error::field("minutes", "from 1 to 480"));
        }
        let scopes = if asked.scopes.is_empty() { vec!["*:read".to_owned()] } else { asked.scopes };
        Permissions::from_scopes(scopes.iter().map(String::as_str)).map_err(|error| Error::field("scopes", error))?;
        crate::workspaces::get(ctx).await?;
        let expires_at = ctx.now().plus_seconds(i64::from(asked.minutes) * 60);
        let owners = owners(ctx).await?;
        let mut batch = ctx.batch();
        for owner in &owners {
            ask(&mut batch, ctx, Kind::Emergency, *owner, None);
        }
        let detail = json!({"reason": reason, "minutes": asked.minutes, "scopes": scopes, "expires_at": expires_at});
        let keys = ctx.keys().await?;
        audit::record_with(&mut batch, ctx, &keys, ("workspace.emergency_access", &[&ctx.workspace]), &detail);
        ctx.db.apply(batch).await?;
        let new = NewKey {
            name: format!("emergency access until {expires_at}"),
            scopes,
            role: None,
            expires_at: Some(expires_at),
            test: false,
        };
        let (id, key) = self.create_key(ctx, Permissions::all(), new).await?;
        Ok(Opened { id, key, expires_at, owners_told: owners.len() })
    }
}
