//! Trunks: the ways to operators over which calls leave and come in.

mod model;

use kernel::TrunkId;
use store::{Ctx, params, sql};

pub use model::{Access, Rules, Trunk, TrunkState, TrunkTransport};

use crate::{Error, Result};

/// Most trunks of a workspace.
const MOST: usize = 50;
/// Where the access is sealed.
const SEALED: &str = "trunk.access";

/// Operators that carry calls: each decides itself how it does that.
pub const CONNECTOR: &str = "calls.sip";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Conduit,
    carries: &["telephone numbers", "what is said in calls"],
    foreign: false,
});

sql! {
    INSERT = "INSERT INTO trunk (workspace, id, name, state, rules, access, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    UPDATE = "UPDATE trunk SET name = $3, state = $4, rules = $5, access = $6, updated_at = $7 WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM trunk WHERE workspace = $1 AND id = $2";
    GET = "SELECT id, name, state, rules, created_at, updated_at FROM trunk WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, name, state, rules, created_at, updated_at FROM trunk WHERE workspace = $1 ORDER BY id LIMIT 50";
    ACCESS = "SELECT access FROM trunk WHERE workspace = $1 AND id = $2";
}

/// Adds a trunk.
///
/// # Errors
/// [`Error::Field`] naming what is wrong.
pub async fn add(ctx: &Ctx, name: &str, rules: &Rules, access: &Access) -> Result<Trunk> {
    check_name(name)?;
    rules.check()?;
    access.check()?;
    if list(ctx).await?.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 50 trunks"));
    }
    let (id, state) = (ctx.id::<TrunkId>(), TrunkState::Active.as_str());
    let sealed = seal(ctx, access).await?;
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, name, state, rules.to_json()?, sealed, ctx.now()]);
    batch.feed(changed(id, "created"));
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// What shall be different about a trunk; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Stop or go on.
    pub state: Option<TrunkState>,
    /// Other rules.
    pub rules: Option<Rules>,
    /// Another account.
    pub access: Option<Access>,
}

/// Changes a trunk.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: TrunkId, change: Change) -> Result<Trunk> {
    let before = get(ctx, id).await?;
    let name = change.name.unwrap_or(before.name);
    check_name(&name)?;
    let rules = change.rules.unwrap_or(before.rules);
    rules.check()?;
    let access = match change.access {
        Some(access) => access,
        None => access_of(ctx, id).await?,
    };
    access.check()?;
    let state = change.state.unwrap_or(before.state).as_str();
    let sealed = seal(ctx, &access).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE, params![ctx.workspace, id, name, state, rules.to_json()?, sealed, ctx.now()]);
    batch.feed(changed(id, "updated"));
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes a trunk away. Calls under way go on.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: TrunkId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    batch.feed(changed(id, "deleted"));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One trunk.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: TrunkId) -> Result<Trunk> {
    ctx.db.get(GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("trunk"))
}

/// Every trunk, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Trunk>> {
    Ok(ctx.db.all(LIST, params![ctx.workspace]).await?)
}

/// The account of a trunk.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn access_of(ctx: &Ctx, id: TrunkId) -> Result<Access> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(ACCESS, params![ctx.workspace, id]).await?;
    let (sealed,) = row.ok_or(Error::NotFound("trunk"))?;
    let plain = ctx.keys().await?.open(SEALED, &sealed)?;
    Ok(serde_json::from_slice(&plain).map_err(|_| store::Error::Column("access"))?)
}

async fn seal(ctx: &Ctx, access: &Access) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(access).map_err(|_| store::Error::Column("access"))?;
    Ok(ctx.keys().await?.seal(SEALED, &plain))
}

fn changed(id: TrunkId, how: &'static str) -> store::Feed {
    store::Feed { kind: "trunk.changed", entity: id.into(), data: serde_json::json!({ "how": how }) }
}

fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if (1..=80).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::field("name", "1 to 80 characters"))
}
