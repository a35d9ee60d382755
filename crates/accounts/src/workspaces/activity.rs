//! When a workspace was last used by its people, and what its owners were told about leaving it unused.

use kernel::{Timestamp, UserId};
use store::{Ctx, params};

use crate::users::tokens::{Kind, ask};
use crate::{Result, audit};

store::sql! {
    ACTIVITY = "SELECT active_at, notices, noticed_at FROM workspace_activity WHERE workspace = $1";
    SET_ACTIVITY = "INSERT INTO workspace_activity (workspace, active_at, notices, noticed_at) VALUES ($1, $2, 0, NULL)
        ON CONFLICT (workspace) DO UPDATE SET active_at = excluded.active_at, notices = 0, noticed_at = NULL
        WHERE workspace_activity.active_at < excluded.active_at";
    SET_NOTICED = "UPDATE workspace_activity SET notices = $2, noticed_at = $3 WHERE workspace = $1";
    LAST_KEY_USE = "SELECT max(used_at) FROM api_key WHERE workspace = $1";
    LAST_SEEN = "SELECT max(s.seen_at) FROM membership m JOIN session s ON s.account = m.account WHERE m.workspace = $1";
    OWNERS = "SELECT account FROM membership WHERE workspace = $1 AND role = 'owner' AND state = 'active'";
}

/// How long a workspace has been unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// When somebody last signed in or a key was last used; when it was made, if never.
    pub active_at: Timestamp,
    /// How many notices its owners got since.
    pub notices: u8,
    /// When they got the last one.
    pub noticed_at: Option<Timestamp>,
}

/// Looks at sessions and keys and remembers when the workspace was last used: sessions end, the memory stays.
///
/// # Errors
/// When the store fails.
pub async fn activity(ctx: &Ctx) -> Result<Activity> {
    let (key,): (Option<Timestamp>,) = ctx.db.one(LAST_KEY_USE, params![ctx.workspace]).await?;
    let (seen,): (Option<Timestamp>,) = ctx.db.one(LAST_SEEN, params![ctx.workspace]).await?;
    let made = super::get(ctx).await?.created_at;
    let latest = made.max(key.unwrap_or(made)).max(seen.unwrap_or(made));
    let mut batch = ctx.batch();
    batch.push(SET_ACTIVITY, params![ctx.workspace, latest]);
    ctx.db.apply(batch).await?;
    let (active_at, notices, noticed_at) = ctx.db.one(ACTIVITY, params![ctx.workspace]).await?;
    Ok(Activity { active_at, notices, noticed_at })
}

/// Tells the owners, for the `number`-th time, that the workspace will be closed unless somebody signs in.
///
/// # Errors
/// When the store fails.
pub async fn warn_owners(ctx: &Ctx, number: u8) -> Result<()> {
    let mut batch = ctx.batch();
    for owner in owners(ctx).await? {
        ask(&mut batch, ctx, Kind::Inactive, owner, None);
    }
    batch.push(SET_NOTICED, params![ctx.workspace, number, ctx.now()]);
    audit::record(&mut batch, ctx, "workspace.inactivity_noticed", &[&ctx.workspace]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The owners of the workspace.
///
/// # Errors
/// When the store fails.
pub async fn owners(ctx: &Ctx) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = ctx.db.all(OWNERS, params![ctx.workspace]).await?;
    Ok(rows.into_iter().map(|(owner,)| owner).collect())
}
