//! Rooms and other things that meetings need: a second conflict calendar.

use kernel::{ResourceId, Timestamp};
use serde::Serialize;
use store::{Ctx, params};
use utoipa::ToSchema;

use crate::model::zone;
use crate::schedules::named;
use crate::{Error, Result};

store::sql! {
    INSERT_RESOURCE = "INSERT INTO booking_resource (workspace, id, name, timezone, archived_at, created_at) VALUES ($1, $2, $3, $4, NULL, $5)";
    UPDATE_RESOURCE = "UPDATE booking_resource SET name = $3, timezone = $4, archived_at = $5 WHERE workspace = $1 AND id = $2";
    RESOURCE = "SELECT id, name, timezone, archived_at, created_at FROM booking_resource WHERE workspace = $1 AND id = $2";
    RESOURCES = "SELECT id, name, timezone, archived_at, created_at FROM booking_resource WHERE workspace = $1 ORDER BY id";
}

store::row! {
    /// A room or the like.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Resource {
        /// Its id.
        #[schema(value_type = String)]
        pub id: ResourceId,
        /// What people call it.
        pub name: String,
        /// Where it is.
        pub timezone: String,
        /// Out of use since.
        #[schema(value_type = Option<String>, format = DateTime)]
        pub archived_at: Option<Timestamp>,
        /// Since when it exists.
        #[schema(value_type = String, format = DateTime)]
        pub created_at: Timestamp,
    }
}

/// Makes a resource.
///
/// # Errors
/// When name or zone are not in order.
pub async fn create(ctx: &Ctx, name: &str, timezone: &str) -> Result<Resource> {
    zone("timezone", timezone)?;
    let (name, id) = (named(name)?, ctx.id::<ResourceId>());
    let mut batch = ctx.batch();
    batch.push(INSERT_RESOURCE, params![ctx.workspace, id, name, timezone, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.resource.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a resource, or takes it out of use; meetings that have it keep it.
///
/// # Errors
/// When there is none, or name or zone are not in order.
pub async fn update(ctx: &Ctx, id: ResourceId, name: &str, timezone: &str, archived: bool) -> Result<Resource> {
    zone("timezone", timezone)?;
    let before = get(ctx, id).await?;
    let since = archived.then(|| before.archived_at.unwrap_or(ctx.now()));
    let mut batch = ctx.batch();
    batch.push(UPDATE_RESOURCE, params![ctx.workspace, id, named(name)?, timezone, since]);
    accounts::audit::record(&mut batch, ctx, "booking.resource.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// A resource.
///
/// # Errors
/// When there is none.
pub async fn get(ctx: &Ctx, id: ResourceId) -> Result<Resource> {
    ctx.db.get(RESOURCE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("resource"))
}

/// Every resource.
///
/// # Errors
/// When the database fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Resource>> {
    Ok(ctx.db.all(RESOURCES, params![ctx.workspace]).await?)
}
