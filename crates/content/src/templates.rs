//! Saved designs: named sources that authors start from and change. No personal data.

use kernel::{TemplateId, Timestamp};
use store::{Ctx, params, sql};

use crate::source::Variants;
use crate::versions::Error;

const MAX_NAME: usize = 200;

sql! {
    INSERT_TEMPLATE = "INSERT INTO template (workspace, id, name, source, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, 1, $5, $5)";
    UPDATE_TEMPLATE = "UPDATE template SET name = $3, source = $4, revision = revision + 1, updated_at = $5 WHERE workspace = $1 AND id = $2 AND revision = $6";
    DELETE_TEMPLATE = "DELETE FROM template WHERE workspace = $1 AND id = $2";
    GET_TEMPLATE = "SELECT id, name, source, revision, created_at, updated_at FROM template WHERE workspace = $1 AND id = $2";
    LIST_TEMPLATES = "SELECT id, name, revision, updated_at FROM template WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
}

/// A saved design.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// What it contains; need not compile while it is a draft.
    pub source: Variants,
    /// Counts changes from 1; an update names the revision it changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

store::row! {
    /// A saved design without its content.
    #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
    pub struct Listed {
        /// Its id.
        pub id: TemplateId,
        /// Its name.
        pub name: String,
        /// Counts changes from 1.
        pub revision: i64,
        /// When it was last changed.
        pub updated_at: Timestamp,
    }
}

/// Saves a new design.
///
/// # Errors
/// [`Error::Name`], or the store's.
pub async fn create(ctx: &Ctx, name: &str, source: &Variants) -> Result<TemplateId, Error> {
    let name = checked(name)?;
    let id: TemplateId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_TEMPLATE, params![ctx.workspace, id, name, source.to_json(), ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// Changes a design; refused when somebody else changed `revision` meanwhile.
///
/// # Errors
/// [`Error::Name`], [`Error::NotFound`], or the store's (`Guard` when the revision is another one).
pub async fn update(ctx: &Ctx, id: TemplateId, revision: i64, name: &str, source: &Variants) -> Result<(), Error> {
    let name = checked(name)?;
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE_TEMPLATE, params![ctx.workspace, id, name, source.to_json(), ctx.now(), revision]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes a design; deleting what is not there is no error.
///
/// # Errors
/// The store's.
pub async fn delete(ctx: &Ctx, id: TemplateId) -> Result<(), Error> {
    let mut batch = ctx.batch();
    batch.push(DELETE_TEMPLATE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One design.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: TemplateId) -> Result<Template, Error> {
    type Row = (TemplateId, String, String, i64, Timestamp, Timestamp);
    let row: Option<Row> = ctx.db.opt(GET_TEMPLATE, params![ctx.workspace, id]).await?;
    let (id, name, source, revision, created_at, updated_at) = row.ok_or(Error::NotFound("template"))?;
    let source = serde_json::from_str(&source).map_err(|_| Error::Store(store::Error::Column("content")))?;
    Ok(Template { id, name, source, revision, created_at, updated_at })
}

/// Designs in order of making, at most `limit` after `after`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, after: Option<TemplateId>, limit: u32) -> Result<Vec<Listed>, Error> {
    let after = after.unwrap_or(TemplateId([0; 16]));
    Ok(ctx.db.all(LIST_TEMPLATES, params![ctx.workspace, after, limit.clamp(1, 1000)]).await?)
}

fn checked(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME { Err(Error::Name(MAX_NAME)) } else { Ok(name) }
}
