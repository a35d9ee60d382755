//! Routes: the ways to operators, which of them a message may take, and the binds that are open.

mod choose;
mod live;
mod model;
mod queries;

use kernel::RouteId;
use store::{Ctx, params};

pub use choose::{Candidate, order};
pub use live::{Live, LiveRoute, Receiver};
pub use model::{Access, Receipts, Route, RouteState, Rules};

use crate::{Error, Result};
use queries as sql;

/// Most routes of a workspace.
const MOST: usize = 100;
/// Where the access is sealed.
const SEALED: &str = "route.access";

/// Operators that carry messages: each decides itself how it does that.
pub const CONNECTOR: &str = "telecom.smpp";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Conduit,
    carries: &["telephone numbers", "message content"],
    foreign: false,
});

/// Adds a route.
///
/// # Errors
/// [`Error::Field`] naming what is wrong.
pub async fn add(ctx: &Ctx, name: &str, rules: Rules, access: &Access) -> Result<Route> {
    check_name(name)?;
    rules.check()?;
    access.check()?;
    if list(ctx).await?.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 100 routes"));
    }
    let (id, now, keys) = (ctx.id::<RouteId>(), ctx.now(), ctx.keys().await?);
    let sealed = keys.seal(SEALED, &serde_json::to_vec(access).map_err(|_| store::Error::Column("access"))?);
    let mut batch = ctx.batch();
    let state = RouteState::Active.as_str();
    batch.push(sql::INSERT, params![ctx.workspace, id, name, state, rules.to_json()?, sealed, now]);
    batch.feed(changed(id, "created"));
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// What shall be different about a route; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Stop or go on.
    pub state: Option<RouteState>,
    /// Other rules.
    pub rules: Option<Rules>,
    /// Another account.
    pub access: Option<Access>,
}

/// Changes a route. Its binds follow.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: RouteId, change: Change) -> Result<Route> {
    let before = get(ctx, id).await?;
    let keys = ctx.keys().await?;
    let name = change.name.unwrap_or(before.name);
    check_name(&name)?;
    let rules = change.rules.unwrap_or(before.rules);
    rules.check()?;
    let access = match change.access {
        Some(access) => access,
        None => access_of(ctx, id).await?,
    };
    access.check()?;
    let sealed = keys.seal(SEALED, &serde_json::to_vec(&access).map_err(|_| store::Error::Column("access"))?);
    let state = change.state.unwrap_or(before.state);
    let mut batch = ctx.batch();
    batch.guard(sql::UPDATE, params![ctx.workspace, id, name, state.as_str(), rules.to_json()?, sealed, ctx.now()]);
    batch.feed(changed(id, "updated"));
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes a route away. What it carried keeps its record; late receipts of it are no longer heard.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: RouteId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE, params![ctx.workspace, id]);
    batch.feed(changed(id, "deleted"));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One route.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: RouteId) -> Result<Route> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("route"))
}

/// Every route, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Route>> {
    Ok(ctx.db.all(sql::LIST, params![ctx.workspace]).await?)
}

/// The account of a route.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn access_of(ctx: &Ctx, id: RouteId) -> Result<Access> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(sql::ACCESS, params![ctx.workspace, id]).await?;
    let (sealed,) = row.ok_or(Error::NotFound("route"))?;
    let plain = ctx.keys().await?.open(SEALED, &sealed)?;
    Ok(serde_json::from_slice(&plain).map_err(|_| store::Error::Column("access"))?)
}

fn changed(id: RouteId, how: &'static str) -> store::Feed {
    store::Feed { kind: "route.changed", entity: id.into(), data: serde_json::json!({ "how": how }) }
}

fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if (1..=80).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::field("name", "1 to 80 characters"))
}
