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
/// What a test key has after [`PREFIX`], so that it is told from one that moves money.
const TEST: &str = "test_";
/// What a test key may do at most: try out messages, calls and verifications, and read what concerns them. All of it
/// stays on this machine; whatever else a key can do would not.
const TESTABLE: &[Permission] = &[
    Permission::MessagesSend,
    Permission::CallsRead,
    Permission::CallsWrite,
    Permission::RoutesRead,
    Permission::BalanceRead,
];
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
    /// What it sends is checked, kept and answered like the rest, but never leaves this machine and costs nothing.
    #[serde(default)]
    pub test: bool,
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
    /// Whether what it sends stays on this machine.
    pub test: bool,
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
    /// Whether what it sends stays on this machine.
    pub test: bool,
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
    let text = text.strip_prefix(PREFIX)?;
    let (id, secret_part) = text.strip_prefix(TEST).unwrap_or(text).split_once('_')?;
    let id = format!("{}_{id}", ApiKeyId::PREFIX).parse().ok()?;
    Some((id, secret_part))
}

/// What a key may do of what it was given.
fn allowed(permissions: Permissions, test: bool) -> Permissions {
    if test { permissions.both(TESTABLE.iter().copied().collect()) } else { permissions }
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
        let granted = allowed(wanted.both(by), new.test);
        if granted.is_empty() {
            let detail = if new.test {
                "a test key may have messages:send, calls:*, routes:read and balance:read, as far as you may"
            } else {
                "nothing of this is allowed to you"
            };
            return Err(Error::field("scopes", detail));
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
                new.expires_at,
                new.test
            ],
        );
        audit::record(&mut batch, ctx, "key.created", &[&id]);
        ctx.db.apply(batch).await?;
        let id_text = id.to_string();
        let id_text = id_text.split_once('_').map_or("", |(_, text)| text);
        let kind = if new.test { TEST } else { "" };
        Ok((id, format!("{PREFIX}{kind}{id_text}_{secret_part}")))
    }

    /// The keys of the context's workspace that are not revoked.
    pub async fn list_keys(&self, ctx: &Ctx) -> Result<Vec<Key>> {
        type Row = (ApiKeyId, String, String, String, Timestamp, Option<Timestamp>, Option<Timestamp>, Option<bool>);
        let rows: Vec<Row> = ctx.db.all(queries::LIST_KEYS, params![ctx.workspace]).await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, scopes, created_by, created_at, expires_at, used_at, test)| Key {
                id,
                name,
                scopes: read(&scopes),
                created_by,
                created_at,
                expires_at,
                used_at,
                test: test.unwrap_or_default(),
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
        Ok(KeyAccess { id, workspace: known.workspace, permissions: known.permissions, test: known.test })
    }

    async fn load_key(&self, id: ApiKeyId, now: Timestamp) -> Result<Cached> {
        type Ends = Option<Timestamp>;
        type Row = (WorkspaceId, secret::Hash, String, Ends, Ends, Ends, String, Option<bool>);
        // Taken before reading, so that a revocation in between is not overwritten by what was read.
        let ticket = self.key_cache().ticket();
        let row: Option<Row> = self.core().db.opt(queries::FIND_KEY, params![id]).await?;
        let (workspace, hash, scopes, expires_at, used_at, revoked_at, state, test) =
            row.ok_or(Error::Unauthenticated)?;
        let state = State::read(&state);
        if revoked_at.is_some() || state == State::Closed {
            return Err(Error::Unauthenticated);
        }
        let test = test.unwrap_or_default();
        let mut permissions = allowed(read(&scopes), test);
        if state != State::Active {
            permissions = permissions.iter().filter(|permission| permission.while_pending()).collect();
        }
        let cached = Cached { workspace, hash, permissions, test, expires_at, used_at, loaded_at: now };
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
        assert_eq!(parse(&text.replace(PREFIX, "barid_test_")), Some((id, "abc")));
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
