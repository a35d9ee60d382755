//! What the organisation is registered to do. Somebody who is written to without having asked must be
//! able to expect the offer from this sender, so a campaign to prospects names the activity it
//! belongs to.

use accounts::audit;
use kernel::{ActivityId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::{Error, Result};

store::sql! {
    INSERT_ACTIVITY = "INSERT INTO business_activity
        (workspace, id, code, description, register, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ACTIVITIES = "SELECT id, code, description, register, created_by, created_at, retired_at
        FROM business_activity WHERE workspace = $1 ORDER BY code LIMIT 1000";
    ACTIVITY = "SELECT id, code, description, register, created_by, created_at, retired_at
        FROM business_activity WHERE workspace = $1 AND id = $2";
    ACTIVITY_COUNT = "SELECT CAST(count(*) AS BIGINT) FROM business_activity WHERE workspace = $1";
    RETIRE_ACTIVITY = "UPDATE business_activity SET retired_at = $3
        WHERE workspace = $1 AND id = $2 AND retired_at IS NULL";
}

/// An activity to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Its code in the register, such as `62.10` of NACE; unique within the workspace.
    pub code: String,
    /// What it is, in words.
    pub description: String,
    /// Which register, such as `NACE` or `commercial register`.
    #[serde(default)]
    pub register: String,
}

store::row! {
    /// A business activity.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct BusinessActivity {
        /// Its id, which campaigns name.
        pub id: ActivityId,
        /// Its code in the register.
        pub code: String,
        /// What it is.
        pub description: String,
        /// Which register.
        pub register: String,
        /// Who recorded it.
        pub created_by: String,
        /// When.
        pub created_at: Timestamp,
        /// Not used for anything new since then.
        pub retired_at: Option<Timestamp>,
    }
}

/// The most activities of one workspace.
const MOST: i64 = 1000;

/// Records an activity.
///
/// # Errors
/// [`Error::Invalid`] when a text is missing or too long; [`store::Error::Unique`] when the code is
/// taken.
pub async fn create(ctx: &Ctx, draft: &Draft) -> Result<BusinessActivity> {
    let wrong = |field, detail| Err(Error::Invalid { field, detail });
    let length = |text: &str| text.trim().chars().count();
    if !(1..=40).contains(&length(&draft.code)) {
        return wrong("code", "1 to 40 characters");
    }
    if !(1..=500).contains(&length(&draft.description)) {
        return wrong("description", "1 to 500 characters");
    }
    if length(&draft.register) > 100 {
        return wrong("register", "at most 100 characters");
    }
    if ctx.db.one::<(i64,)>(ACTIVITY_COUNT, params![ctx.workspace]).await?.0 >= MOST {
        return wrong("code", "a workspace has at most 1000 activities");
    }
    let id: ActivityId = ctx.id();
    let (code, description, register) = (draft.code.trim(), draft.description.trim(), draft.register.trim());
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, code, description, register, ctx.actor.to_string(), ctx.now()];
    batch.push(INSERT_ACTIVITY, values);
    audit::record(&mut batch, ctx, "activity.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// An activity, in use or not.
///
/// # Errors
/// [`Error::NotFound`]; when the store fails.
pub async fn get(ctx: &Ctx, id: ActivityId) -> Result<BusinessActivity> {
    ctx.db.opt(ACTIVITY, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("business activity"))
}

/// Every activity, by code.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<BusinessActivity>> {
    Ok(ctx.db.all(ACTIVITIES, params![ctx.workspace]).await?)
}

/// Takes an activity out of use; what named it keeps naming it.
///
/// # Errors
/// [`Error::NotFound`]; a conflict when it is out of use already.
pub async fn retire(ctx: &Ctx, id: ActivityId) -> Result<BusinessActivity> {
    if get(ctx, id).await?.retired_at.is_some() {
        return Err(Error::conflict("this activity is out of use already"));
    }
    let mut batch = ctx.batch();
    batch.guard(RETIRE_ACTIVITY, params![ctx.workspace, id, ctx.now()]);
    audit::record(&mut batch, ctx, "activity.retired", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}
