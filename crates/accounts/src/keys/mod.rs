//! API keys: `barid_` + the key's id + `_` + a secret. The secret is shown once and kept as its hash.

mod cache;
mod queries;

use kernel::{ApiKeyId, Timestamp, WorkspaceId};
use store::{Actor, Ctx, params};

pub(crate) use cache::Cache;
use cache::Cached;

use crate::members::{Permission, Permissions, Role};
use crate::workspaces::State;
use crate::{Accounts, Error, Result, audit, secret, users};

/// What every key begins with, so that a leaked one is recognised.
pub const PREFIX: &str = "barid_";
/// How often, in seconds, the last use of a key is written down.
const TOUCH_SECONDS: i64 = 3_600;
/// The most keys a workspace may have at a time.
const MAX_KEYS: usize = 500;

/// A key to be made.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What it may do: `contacts:read`, `contacts:*`, `*:read`, `*`. Cut down to what its maker may do.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Instead of scopes, everything that a role may do.
    #[serde(default)]
    pub role: Option<Role>,
    /// When it ends; absent means never.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A key as listed.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Key {
    /// Its id, which is also the readable part of the key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Permissions,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take an hour.
    pub used_at: Option<Timestamp>,
}

/// What a request may do that came with a valid key.
#[derive(Debug, Clone, Copy)]
pub struct KeyAccess {
    /// The key.
    pub id: ApiKeyId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// What it may do.
    pub permissions: Permissions,
}

fn hash(id: ApiKeyId, secret_part: &str) -> secret::Hash {
    secret::hash(&[b"api key", &id.0, secret_part.as_bytes()])
}

/// Reads a key's text. A trailing `-` and data centre (`-us1`) is ignored: clients written for other
/// services append one.
fn parse(text: &str) -> Option<(ApiKeyId, &str)> {
    if text.len() > 120 {
        return None;
    }
    let text = text.split_once('-').map_or(text, |(key, _)| key);
    let (id, secret_part) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let id = format!("{}_{id}", ApiKeyId::PREFIX).parse().ok()?;
    Some((id, secret_part))
}

/// Scopes as kept in a row.
fn written(permissions: Permissions) -> String {
    permissions.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
}

/// Reads them back; a permission that no longer exists is no permission.
fn read(scopes: &str) -> Permissions {
    scopes.split_whitespace().filter_map(|scope| scope.parse::<Permission>().ok()).collect()
}

impl Accounts {
    /// Makes a key in the context's workspace. `by` is what its maker may do. Returns the key's text,
    /// which cannot be had again.
    pub async fn create_key(&self, ctx: &Ctx, by: Permissions, new: NewKey) -> Result<(ApiKeyId, String)> {
        users::require_confirmed(ctx, ctx.actor).await?;
        if crate::workspaces::get(ctx).await?.state == State::Pending {
            return Err(Error::Pending);
        }
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            return Err(Error::field("name", "a name has 1 to 120 characters and no control characters"));
        }
        let wanted = match (new.role, new.scopes.as_slice()) {
            (Some(role), []) => role.permissions(),
            (None, [_, ..]) => Permissions::from_scopes(new.scopes.iter().map(String::as_str))
                .map_err(|error| Error::field("scopes", error))?,
            _ => return Err(Error::field("scopes", "give either scopes or a role")),
        };
        let granted = wanted.both(by);
        if granted.is_empty() {
            return Err(Error::field("scopes", "nothing of this is allowed to you"));
        }
        if new.expires_at.is_some_and(|at| at <= ctx.now()) {
            return Err(Error::field("expires_at", "the end lies in the past"));
        }
        if self.list_keys(ctx).await?.len() >= MAX_KEYS {
            return Err(Error::Conflict("the workspace has 500 keys already; revoke one first"));
        }
        let id: ApiKeyId = ctx.id();
        let secret_part = secret::base32().encode(&secret::random::<32>(ctx.rng.as_ref()));
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_KEY,
            params![
                ctx.workspace,
                id,
                name,
                hash(id, &secret_part),
                written(granted),
                ctx.actor.to_string(),
                ctx.now(),
                new.expires_at
            ],
        );
        audit::record(&mut batch, ctx, "key.created", &[&id]);
        ctx.db.apply(batch).await?;
        let id_text = id.to_string();
        let id_text = id_text.split_once('_').map_or("", |(_, text)| text);
        Ok((id, format!("{PREFIX}{id_text}_{secret_part}")))
    }

    /// The keys of the context's workspace that are not revoked.
    pub async fn list_keys(&self, ctx: &Ctx) -> Result<Vec<Key>> {
        type Row = (ApiKeyId, String, String, String, Timestamp, Option<Timestamp>, Option<Timestamp>);
        let rows: Vec<Row> = ctx.db.all(queries::LIST_KEYS, params![ctx.workspace]).await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, scopes, created_by, created_at, expires_at, used_at)| Key {
                id,
                name,
                scopes: read(&scopes),
                created_by,
                created_at,
                expires_at,
                used_at,
            })
            .collect())
    }

    /// Revokes a key; requests with it fail from now on (on other nodes within half a minute).
    pub async fn revoke_key(&self, ctx: &Ctx, id: ApiKeyId) -> Result<()> {
        let mut batch = ctx.batch();
        batch.guard(queries::REVOKE_KEY, params![ctx.workspace, id, ctx.now()]);
        audit::record(&mut batch, ctx, "key.revoked", &[&id]);
        let done = ctx.db.apply(batch).await;
        self.key_cache().forget(id);
        done.map_err(|error| Error::on_guard(error, Error::NotFound("key")))?;
        Ok(())
    }

    /// What a request may do that brought `text` as its key. Reads memory for a key seen lately.
    pub async fn authenticate_key(&self, text: &str) -> Result<KeyAccess> {
        let (id, secret_part) = parse(text).ok_or(Error::Unauthenticated)?;
        let now = self.core().clock.now();
        let known = match self.key_cache().get(id, now) {
            Some(known) => known,
            None => self.load_key(id, now).await?,
        };
        if !secret::equal(&known.hash, &hash(id, secret_part)) || known.expires_at.is_some_and(|at| at <= now) {
            return Err(Error::Unauthenticated);
        }
        if known.used_at.is_none_or(|at| now >= at.plus_seconds(TOUCH_SECONDS)) {
            self.key_cache().used(id, now);
            let mut batch = self.core().ctx(known.workspace, Actor::Key(id)).batch();
            batch.push(queries::TOUCH_KEY, params![known.workspace, id, now]);
            self.later(batch);
        }
        Ok(KeyAccess { id, workspace: known.workspace, permissions: known.permissions })
    }

    async fn load_key(&self, id: ApiKeyId, now: Timestamp) -> Result<Cached> {
        type Row = (WorkspaceId, secret::Hash, String, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>, String);
        // Taken before reading, so that a revocation in between is not overwritten by what was read.
        let ticket = self.key_cache().ticket();
        let row: Option<Row> = self.core().db.opt(queries::FIND_KEY, params![id]).await?;
        let (workspace, hash, scopes, expires_at, used_at, revoked_at, state) = row.ok_or(Error::Unauthenticated)?;
        let state = State::read(&state);
        if revoked_at.is_some() || state == State::Closed {
            return Err(Error::Unauthenticated);
        }
        let mut permissions = read(&scopes);
        if state != State::Active {
            permissions = permissions.iter().filter(|permission| permission.while_pending()).collect();
        }
        let cached = Cached { workspace, hash, permissions, expires_at, used_at, loaded_at: now };
        self.key_cache().put(id, cached, ticket);
        Ok(cached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_written() {
        let id = ApiKeyId([7; 16]);
        let text = id.to_string();
        let text = format!("{PREFIX}{}_abc", &text[4..]);
        assert_eq!(parse(&text), Some((id, "abc")));
        assert_eq!(parse(&format!("{text}-us21")), Some((id, "abc")));
        for wrong in ["", "barid_", "barid__", "barid_x_y", "key_x_y", &"b".repeat(500)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_the_reader(text in "(barid_)?[0-9a-z]{0,26}_?\\PC{0,30}") {
            if let Some((id, secret_part)) = parse(&text) {
                proptest::prop_assert!(hash(id, secret_part) != hash(id, "another"));
            }
        }
    }

    #[test]
    fn scopes_survive_their_row() {
        let scopes = Permissions::from_scopes(["contacts:*", "reports:read"]).unwrap();
        assert_eq!(read(&written(scopes)), scopes);
        assert_eq!(read("gone:since contacts:read").iter().count(), 1);
    }
}
