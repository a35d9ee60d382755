//! Workspaces: one organisation's people, keys, ledger and settings.

mod activity;
mod queries;

use kernel::{Code, Locale, Problem, Timestamp, WorkspaceId, fold};
use serde_json::{Map, Value as Json};
use store::{Batch, Core, Ctx, Feed, params};

pub use activity::{Activity, activity, owners, warn_owners};
pub(crate) use queries::ACTIVATE_OWNED;

use crate::members::Role;
use crate::{Error, Result, audit, secret};

/// The most that a workspace's settings may weigh, as JSON text.
pub const MAX_SETTINGS_BYTES: usize = 32 * 1024;

/// What a workspace may do at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its owner has not confirmed the e-mail address: nothing is sent, no keys are made.
    Pending,
    /// Open.
    Active,
    /// Stopped by the operator: can be read, sends nothing.
    Suspended,
    /// Closed by its owner.
    Closed,
}

impl State {
    /// The state as kept in rows and written in responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// Whether messages may leave the workspace.
    pub const fn may_send(self) -> bool {
        matches!(self, Self::Active)
    }

    pub(crate) fn read(text: &str) -> Self {
        match text {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "closed" => Self::Closed,
            _ => Self::Suspended,
        }
    }
}

/// A workspace.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name, as recipients read it.
    pub name: String,
    /// Its name in addresses: ASCII letters, digits and hyphens, unique.
    pub slug: String,
    /// The language it works in.
    pub language: Locale,
    /// The postal address that marketing messages carry.
    pub postal_address: String,
    /// Free settings such as `default_sender`, by name.
    pub settings: Map<String, Json>,
    /// The roles that need a second factor.
    pub second_factor: Vec<Role>,
    /// What it may do at present.
    pub state: State,
    /// Counts changes; give it back with an update to notice somebody else's.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Workspace {
    /// The setting `name`, read as `T`; None when absent or of another shape.
    pub fn setting<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.settings.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
    }
}

/// A workspace to be made.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct NewWorkspace {
    /// Its name.
    pub name: String,
    /// The language it works in.
    pub language: Locale,
    /// Its postal address; may follow later, but nothing promotional leaves without one.
    #[serde(default)]
    pub postal_address: String,
}

/// Changes to a workspace; what is absent stays.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// A new name.
    pub name: Option<String>,
    /// Another language.
    pub language: Option<Locale>,
    /// Another postal address.
    pub postal_address: Option<String>,
    /// Settings to set; null removes one (RFC 7396, top level only).
    pub settings: Option<Map<String, Json>>,
    /// The roles that need a second factor from now on.
    pub second_factor: Option<Vec<Role>>,
    /// The version the change was made against; absent means whatever is there.
    pub version: Option<i64>,
}

store::row! {
    struct Row {
        id: WorkspaceId,
        name: String,
        slug: String,
        language: String,
        postal_address: String,
        settings: String,
        second_factor: String,
        state: String,
        version: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

impl From<Row> for Workspace {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            slug: row.slug,
            language: row.language.parse().unwrap_or_else(|_| Locale::en()),
            postal_address: row.postal_address,
            settings: serde_json::from_str(&row.settings).unwrap_or_default(),
            second_factor: read_roles(&row.second_factor),
            state: State::read(&row.state),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The setting that puts a term to members' passwords, in days. Off unless a workspace sets it: a password
/// that must change every few weeks becomes a weaker one (NIST SP 800-63B, 5.1.1.2); length and the list of
/// leaked passwords protect better. Some contracts ask for it all the same.
pub const PASSWORD_DAYS: &str = "password_days";

/// The term that settings as stored put to passwords, in days.
pub(crate) fn password_days(settings: &str) -> Option<u32> {
    // Most workspaces set none, and requests should not pay for reading their settings.
    if !settings.contains(PASSWORD_DAYS) {
        return None;
    }
    let settings: Map<String, Json> = serde_json::from_str(settings).ok()?;
    settings.get(PASSWORD_DAYS)?.as_u64().and_then(|days| u32::try_from(days).ok())
}

pub(crate) fn read_roles(text: &str) -> Vec<Role> {
    text.split_whitespace().filter_map(|role| role.parse().ok()).collect()
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Error::field("name", "a name has 1 to 120 characters and no control characters"));
    }
    Ok(name.to_owned())
}

fn checked_address(address: &str) -> Result<String> {
    let address = address.trim();
    if address.chars().count() > 500 || address.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Error::field("postal_address", "a postal address has at most 500 characters"));
    }
    Ok(address.to_owned())
}

/// The part of an address made from a name; a random one when the name has no ASCII letters.
fn slug(name: &str, core: &Core) -> String {
    let mut out = String::new();
    for c in fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 40 {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    let random = || secret::base32().encode(&secret::random::<5>(core.rng.as_ref()));
    if out.is_empty() { format!("w-{}", random()) } else { out.to_owned() }
}

/// A slug that nobody has yet. Two creations of one name at the same instant may still collide;
/// the unique index then refuses the second.
async fn free_slug(name: &str, core: &Core) -> Result<String> {
    let wanted = slug(name, core);
    if by_slug(core, &wanted).await?.is_none() {
        return Ok(wanted);
    }
    Ok(format!("{wanted}-{}", secret::base32().encode(&secret::random::<5>(core.rng.as_ref()))))
}

/// Adds a new workspace to `batch`, after its keys have been committed to the vault.
pub(crate) async fn insert(batch: &mut Batch, ctx: &Ctx, new: &NewWorkspace, state: State) -> Result<()> {
    let name = checked_name(&new.name)?;
    let address = checked_address(&new.postal_address)?;
    let slug = free_slug(&name, ctx).await?;
    batch.push(
        queries::INSERT_WORKSPACE,
        params![ctx.workspace, name, slug, new.language.as_str(), address, "{}", "", state.as_str(), ctx.now()],
    );
    // The feed entry also makes the workspace's head row, from which its ledger grows.
    batch.feed(Feed { kind: "workspace.created", entity: ctx.workspace.0, data: serde_json::json!({}) });
    audit::record(batch, ctx, "workspace.created", &[&ctx.workspace]);
    Ok(())
}

/// The workspace of the context.
pub async fn get(ctx: &Ctx) -> Result<Workspace> {
    find(ctx, ctx.workspace).await?.ok_or(Error::NotFound("workspace"))
}

/// A workspace by id.
pub async fn find(core: &Core, id: WorkspaceId) -> Result<Option<Workspace>> {
    Ok(core.db.get::<Row>(queries::GET_WORKSPACE, params![id]).await?.map(Into::into))
}

/// The id behind a slug.
pub async fn by_slug(core: &Core, slug: &str) -> Result<Option<WorkspaceId>> {
    let row: Option<(WorkspaceId,)> = core.db.opt(queries::WORKSPACE_BY_SLUG, params![slug]).await?;
    Ok(row.map(|(id,)| id))
}

/// Every workspace's id, for work that goes over all of them.
pub async fn all(core: &Core) -> Result<Vec<WorkspaceId>> {
    const CHUNK: usize = 1000;
    let mut out: Vec<WorkspaceId> = Vec::new();
    loop {
        let after = out.last().copied().unwrap_or(WorkspaceId([0; 16]));
        let rows: Vec<(WorkspaceId,)> = core.db.all(queries::LIST_WORKSPACES, params![after, CHUNK]).await?;
        let last = rows.len() < CHUNK;
        out.extend(rows.into_iter().map(|(id,)| id));
        if last {
            return Ok(out);
        }
    }
}

/// Changes the workspace of the context.
pub async fn update(ctx: &Ctx, change: Change) -> Result<Workspace> {
    let before = get(ctx).await?;
    let name = change.name.as_deref().map_or(Ok(before.name), checked_name)?;
    let address = change.postal_address.as_deref().map_or(Ok(before.postal_address), checked_address)?;
    let language = change.language.unwrap_or(before.language);
    let mut settings = before.settings;
    for (key, value) in change.settings.unwrap_or_default() {
        if value.is_null() {
            settings.remove(&key);
        } else {
            settings.insert(key, value);
        }
    }
    if settings.get(PASSWORD_DAYS).is_some_and(|days| !days.as_u64().is_some_and(|days| (30..=730).contains(&days))) {
        return Err(Error::field("settings.password_days", "from 30 to 730 days, or null for no term"));
    }
    let settings = Json::Object(settings).to_string();
    if settings.len() > MAX_SETTINGS_BYTES {
        return Err(Error::field("settings", "the settings may weigh at most 32 KiB"));
    }
    let roles = change.second_factor.unwrap_or(before.second_factor);
    let roles = roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ");
    let mut batch = ctx.batch();
    batch.guard(
        queries::UPDATE_WORKSPACE,
        params![
            ctx.workspace,
            name,
            language.as_str(),
            address,
            settings,
            roles,
            ctx.now(),
            change.version.unwrap_or(before.version)
        ],
    );
    batch.feed(Feed { kind: "workspace.updated", entity: ctx.workspace.0, data: serde_json::json!({}) });
    audit::record(&mut batch, ctx, "workspace.updated", &[&ctx.workspace]);
    ctx.db.apply(batch).await?;
    get(ctx).await
}

/// Puts the workspace of the context into another state (the operator suspends, the owner closes).
pub async fn set_state(ctx: &Ctx, state: State) -> Result<()> {
    let action = match state {
        State::Pending | State::Active => "workspace.opened",
        State::Suspended => "workspace.suspended",
        State::Closed => "workspace.closed",
    };
    let mut batch = ctx.batch();
    batch.guard(queries::SET_WORKSPACE_STATE, params![ctx.workspace, state.as_str(), ctx.now()]);
    batch.feed(Feed { kind: "workspace.updated", entity: ctx.workspace.0, data: serde_json::json!({}) });
    audit::record(&mut batch, ctx, action, &[&ctx.workspace]);
    let done = ctx.db.apply(batch).await;
    done.map_err(|error| Error::on_guard(error, Error::Conflict("the workspace is in that state already")))?;
    Ok(())
}

/// Refuses when messages may not leave the workspace, with the reason.
pub async fn require_sending(ctx: &Ctx) -> Result<(), Problem> {
    match get(ctx).await.map_err(Problem::from)?.state {
        State::Active => Ok(()),
        State::Pending => Err(Error::Pending.problem()),
        State::Suspended => Err(Problem::new(Code::Forbidden, "the workspace is suspended; ask its operator")),
        State::Closed => Err(Problem::new(Code::Gone, "the workspace is closed")),
    }
}
