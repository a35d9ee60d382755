//! Saved views: what a member wants to find again of a list, its filters and order as the query of the
//! screen's address. A query may quote a person, so that it rests sealed.

use kernel::{SavedViewId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Actor, Ctx, params};

use crate::members::Permission;
use crate::{Error, Result};

/// The most views of one member in one workspace.
pub const MOST: usize = 100;
/// The longest name, in characters.
const MAX_NAME: usize = 100;
/// The longest query, in octets.
const MAX_QUERY: usize = 2000;
/// The longest name of a screen.
const MAX_SCREEN: usize = 40;
const SEALED: &str = "saved_view.sealed";

store::sql! {
    INSERT_VIEW = "INSERT INTO saved_view (workspace, id, account, screen, sealed, shared, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    UPDATE_VIEW = "UPDATE saved_view SET sealed = $3, shared = $4, updated_at = $5 WHERE workspace = $1 AND id = $2";
    DELETE_VIEW = "DELETE FROM saved_view WHERE workspace = $1 AND id = $2";
    VIEW = "SELECT id, account, screen, sealed, shared, created_at, updated_at FROM saved_view
        WHERE workspace = $1 AND id = $2";
    VIEWS = "SELECT id, account, screen, sealed, shared, created_at, updated_at FROM saved_view
        WHERE workspace = $1 AND (account = $2 OR shared = $3) ORDER BY id LIMIT $4";
    COUNT_VIEWS = "SELECT CAST(count(*) AS BIGINT) FROM saved_view WHERE account = $1 AND workspace = $2";
    pub(crate) DELETE_VIEWS_OF = "DELETE FROM saved_view WHERE account = $1";
    pub(crate) DELETE_VIEWS_HERE = "DELETE FROM saved_view WHERE account = $2 AND workspace = $1";
}

store::row! {
    struct Row {
        id: SavedViewId,
        account: UserId,
        screen: String,
        sealed: Vec<u8>,
        shared: bool,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    name: String,
    query: String,
}

/// A saved view.
#[derive(Clone)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// Who saved it.
    pub owner: UserId,
    /// The screen it belongs to.
    pub screen: String,
    /// Its name.
    pub name: String,
    /// The query of the screen's address, without the question mark.
    pub query: String,
    /// Whether every member of the workspace sees it.
    pub shared: bool,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for SavedView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SavedView({})", self.id)
    }
}

/// A view to be saved.
pub struct NewView {
    /// The screen it belongs to.
    pub screen: String,
    /// Its name.
    pub name: String,
    /// The query.
    pub query: String,
    /// Whether every member sees it.
    pub shared: bool,
}

/// Changes to a view; what is absent stays.
#[derive(Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Another query.
    pub query: Option<String>,
    /// Whether every member sees it.
    pub shared: Option<bool>,
}

fn member(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor {
        Actor::User(user) => Ok(user),
        _ => Err(Error::Forbidden("views belong to members who are signed in".to_owned())),
    }
}

fn checked_screen(screen: &str) -> Result<()> {
    let mut bytes = screen.bytes();
    let begins = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
    let goes_on = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if begins && goes_on && screen.len() <= MAX_SCREEN {
        return Ok(());
    }
    Err(Error::field("screen", "a screen's name has 1 to 40 lower-case letters, digits, - and _"))
}

impl Content {
    fn new(name: &str, query: &str) -> Result<Self> {
        let (name, query) = (name.trim(), query.trim_start_matches('?'));
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(Error::field("name", "a name has 1 to 100 characters on one line"));
        }
        if query.len() > MAX_QUERY || query.chars().any(char::is_control) {
            return Err(Error::field("query", "a query has at most 2000 octets on one line"));
        }
        Ok(Self { name: name.to_owned(), query: query.to_owned() })
    }
}

async fn seal(ctx: &Ctx, content: &Content) -> Result<Vec<u8>> {
    Ok(ctx.keys().await?.seal(SEALED, serde_json::json!(content).to_string().as_bytes()))
}

fn open(row: Row, keys: &store::WorkspaceKeys) -> Result<SavedView> {
    let plain = keys.open(SEALED, &row.sealed)?;
    let Content { name, query } =
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("a saved view cannot be read"))?;
    let Row { id, account, screen, shared, created_at, updated_at, .. } = row;
    Ok(SavedView { id, owner: account, screen, name, query, shared, created_at, updated_at })
}

/// The member's own views and those shared in the workspace, by name; of one screen when it is named.
///
/// # Errors
/// `forbidden` for an API key, or the store's.
pub async fn list(ctx: &Ctx, screen: Option<&str>) -> Result<Vec<SavedView>> {
    const SHOWN: i64 = 2000;
    let user = member(ctx)?;
    let rows: Vec<Row> = ctx.db.all(VIEWS, params![ctx.workspace, user, true, SHOWN]).await?;
    let keys = ctx.keys().await?;
    let wanted = rows.into_iter().filter(|row| screen.is_none_or(|screen| screen == row.screen));
    let mut out = wanted.map(|row| open(row, &keys)).collect::<Result<Vec<_>>>()?;
    out.sort_by_cached_key(|view| (kernel::fold(&view.name), view.id));
    Ok(out)
}

/// Saves a view of the acting member.
///
/// # Errors
/// `invalid_input`, or `conflict` when the member has [`MOST`] already.
pub async fn create(ctx: &Ctx, new: NewView) -> Result<SavedView> {
    let user = member(ctx)?;
    checked_screen(&new.screen)?;
    let content = Content::new(&new.name, &new.query)?;
    let (count,): (u64,) = ctx.db.one(COUNT_VIEWS, params![user, ctx.workspace]).await?;
    if count >= MOST as u64 {
        return Err(Error::Conflict("you have a hundred views already; delete one first"));
    }
    let id: SavedViewId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        INSERT_VIEW,
        params![ctx.workspace, id, user, new.screen, seal(ctx, &content).await?, new.shared, ctx.now()],
    );
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// A view that the acting member sees.
///
/// # Errors
/// `not_found`.
pub async fn get(ctx: &Ctx, id: SavedViewId) -> Result<SavedView> {
    let user = member(ctx)?;
    let row: Option<Row> = ctx.db.get(VIEW, params![ctx.workspace, id]).await?;
    let row = row.filter(|row| row.shared || row.account == user).ok_or(Error::NotFound("view"))?;
    open(row, &*ctx.keys().await?)
}

/// Refuses when the acting member may not change this view: another's shared one is changed by those
/// who run the workspace.
async fn changeable(ctx: &Ctx, id: SavedViewId) -> Result<SavedView> {
    let (user, view) = (member(ctx)?, get(ctx, id).await?);
    if view.owner == user {
        return Ok(view);
    }
    let access = crate::members::access(ctx, user, ctx.workspace).await?.ok_or(Error::NotFound("view"))?;
    if access.role.permissions().has(Permission::WorkspaceWrite) {
        return Ok(view);
    }
    Err(Error::Forbidden("this view belongs to another member".to_owned()))
}

/// Changes a view.
///
/// # Errors
/// `not_found`, `forbidden`, `invalid_input`.
pub async fn update(ctx: &Ctx, id: SavedViewId, change: Change) -> Result<SavedView> {
    let before = changeable(ctx, id).await?;
    let (name, query) = (change.name.unwrap_or(before.name), change.query.unwrap_or(before.query));
    let content = Content::new(&name, &query)?;
    let shared = change.shared.unwrap_or(before.shared);
    let mut batch = ctx.batch();
    batch.guard(UPDATE_VIEW, params![ctx.workspace, id, seal(ctx, &content).await?, shared, ctx.now()]);
    ctx.db.apply(batch).await.map_err(|error| Error::on_guard(error, Error::NotFound("view")))?;
    // Whoever unshares somebody else's view does not see it any more.
    let SavedView { id, owner, screen, created_at, .. } = before;
    Ok(SavedView {
        id,
        owner,
        screen,
        name: content.name,
        query: content.query,
        shared,
        created_at,
        updated_at: ctx.now(),
    })
}

/// Deletes a view.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn delete(ctx: &Ctx, id: SavedViewId) -> Result<()> {
    changeable(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE_VIEW, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}
