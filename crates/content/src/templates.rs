//! Saved designs: named sources that authors start from and change. No personal data.

use kernel::{TemplateId, Timestamp};
use serde_json::json;
use store::{Batch, Ctx, Feed, params, sql};

use crate::source::Variants;
use crate::versions::Error;

const MAX_NAME: usize = 200;

sql! {
    INSERT_TEMPLATE = "INSERT INTO template (workspace, id, name, source, revision, created_at, updated_at, updated_by) VALUES ($1, $2, $3, $4, 1, $5, $5, $6)";
    UPDATE_TEMPLATE = "UPDATE template SET name = $3, source = $4, revision = revision + 1, updated_at = $5, updated_by = $7
        WHERE workspace = $1 AND id = $2 AND revision = $6 AND deleted_at IS NULL";
    BIN_TEMPLATE = "UPDATE template SET deleted_at = $3, updated_by = $4 WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL";
    RESTORE_TEMPLATE = "UPDATE template SET deleted_at = NULL, updated_by = $3 WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL";
    BINNED_TEMPLATES = "SELECT NULL, deleted_at, id FROM template WHERE workspace = $1 AND deleted_at < $2 ORDER BY deleted_at LIMIT $3";
    END_TEMPLATE = "DELETE FROM template WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL";
    GET_TEMPLATE = "SELECT id, name, source, revision, created_at, updated_at, updated_by FROM template WHERE workspace = $1 AND id = $2
        AND deleted_at IS NULL";
    LIST_TEMPLATES = "SELECT id, name, revision, updated_at, updated_by, deleted_at FROM template WHERE workspace = $1 AND id > $2
        AND deleted_at IS NULL ORDER BY id LIMIT $3";
    TEMPLATES_IN_BIN = "SELECT id, name, revision, updated_at, updated_by, deleted_at FROM template WHERE workspace = $1 AND id > $2
        AND deleted_at IS NOT NULL ORDER BY id LIMIT $3";
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
    /// Who changed it last: a member, a key, the console.
    pub updated_by: Option<String>,
}

// A design that was deleted waits in the bin, so that a mistake can be undone.
store::retention!(store::RetentionRule {
    table: "template",
    class: "workspace.bin",
    covers: &[],
    event: "the design was deleted",
    due_by: store::DueBy::Instant,
    find: BINNED_TEMPLATES,
    end: &[END_TEMPLATE],
    before: None,
    after: None,
});

fn told(batch: &mut Batch, kind: &'static str, id: TemplateId) {
    batch.feed(Feed { kind, entity: id.into(), data: json!({}) });
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
        /// Who changed it last.
        pub updated_by: Option<String>,
        /// Since when it is in the bin.
        pub deleted_at: Option<Timestamp>,
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
    batch.push(INSERT_TEMPLATE, params![ctx.workspace, id, name, source.to_json(), ctx.now(), ctx.actor.to_string()]);
    told(&mut batch, "template.created", id);
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
    batch.guard(
        UPDATE_TEMPLATE,
        params![ctx.workspace, id, name, source.to_json(), ctx.now(), revision, ctx.actor.to_string()],
    );
    told(&mut batch, "template.updated", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Puts a design into the bin; deleting what is not there is no error.
///
/// # Errors
/// The store's.
pub async fn delete(ctx: &Ctx, id: TemplateId) -> Result<(), Error> {
    let mut batch = ctx.batch();
    batch.push(BIN_TEMPLATE, params![ctx.workspace, id, ctx.now(), ctx.actor.to_string()]);
    told(&mut batch, "template.deleted", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a design out of the bin again.
///
/// # Errors
/// [`Error::NotFound`] for what is not in it, or the store's.
pub async fn restore(ctx: &Ctx, id: TemplateId) -> Result<Template, Error> {
    let mut batch = ctx.batch();
    batch.guard(RESTORE_TEMPLATE, params![ctx.workspace, id, ctx.actor.to_string()]);
    told(&mut batch, "template.restored", id);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("template")),
        Err(error) => Err(error.into()),
        Ok(_) => get(ctx, id).await,
    }
}

/// One design.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: TemplateId) -> Result<Template, Error> {
    type Row = (TemplateId, String, String, i64, Timestamp, Timestamp, Option<String>);
    let row: Option<Row> = ctx.db.opt(GET_TEMPLATE, params![ctx.workspace, id]).await?;
    let (id, name, source, revision, created_at, updated_at, updated_by) = row.ok_or(Error::NotFound("template"))?;
    let source = serde_json::from_str(&source).map_err(|_| Error::Store(store::Error::Column("content")))?;
    Ok(Template { id, name, source, revision, created_at, updated_at, updated_by })
}

/// Designs in order of making, those in the bin or the others, at most `limit` after `after`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, after: Option<TemplateId>, limit: u32, bin: bool) -> Result<Vec<Listed>, Error> {
    let statement = if bin { TEMPLATES_IN_BIN } else { LIST_TEMPLATES };
    let after = after.unwrap_or(TemplateId([0; 16]));
    Ok(ctx.db.all(statement, params![ctx.workspace, after, limit.clamp(1, 1000)]).await?)
}

fn checked(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME { Err(Error::Name(MAX_NAME)) } else { Ok(name) }
}
