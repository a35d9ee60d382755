//! Tags: names a workspace sorts people by. They never carry consent.

use kernel::{ContactId, Problem, TagId, Timestamp, fold};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use crate::{Error, Result};

store::sql! {
    INSERT_TAG = "INSERT INTO tag (workspace, id, name, folded, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, folded) DO NOTHING";
    TAG_BY_NAME = "SELECT id, name, created_at FROM tag WHERE workspace = $1 AND folded = $2";
    TAGS = "SELECT id, name, created_at FROM tag WHERE workspace = $1 ORDER BY folded";
    NAMES_OF = "SELECT t.name FROM contact_tag c JOIN tag t ON t.workspace = c.workspace AND t.id = c.tag
        WHERE c.workspace = $1 AND c.contact = $2 ORDER BY t.folded";
    TAGGED = "SELECT c.tag, t.name, c.at FROM contact_tag c JOIN tag t ON t.workspace = c.workspace AND t.id = c.tag
        WHERE c.workspace = $1 AND c.contact = $2 ORDER BY c.at";
    RENAME_TAG = "UPDATE tag SET name = $3, folded = $4 WHERE workspace = $1 AND id = $2";
    ERASE_UNUSED_TAG = "DELETE FROM tag WHERE workspace = $1 AND id = $2
        AND NOT EXISTS (SELECT 1 FROM contact_tag c WHERE c.workspace = $1 AND c.tag = $2)";
    DELETE_TAG = "DELETE FROM tag WHERE workspace = $1 AND id = $2";
    TAG = "SELECT id, name, created_at FROM tag WHERE workspace = $1 AND id = $2";
    MERGE_TAGGINGS = "INSERT INTO contact_tag (workspace, contact, tag, at)
        SELECT workspace, contact, CAST($3 AS {id}), at FROM contact_tag WHERE workspace = $1 AND tag = $2
        ON CONFLICT (workspace, contact, tag) DO NOTHING";
    DELETE_TAGGINGS = "DELETE FROM contact_tag WHERE workspace = $1 AND tag = $2";
    pub(crate) ADD_TAG = "INSERT INTO contact_tag (workspace, contact, tag, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, contact, tag) DO NOTHING";
    REMOVE_TAG = "DELETE FROM contact_tag WHERE workspace = $1 AND contact = $2 AND tag = $3";
    pub(crate) MOVE_TAGS = "INSERT INTO contact_tag (workspace, contact, tag, at)
        SELECT workspace, CAST($3 AS {id}), tag, at FROM contact_tag WHERE workspace = $1 AND contact = $2
        ON CONFLICT (workspace, contact, tag) DO NOTHING";
    pub(crate) ERASE_TAGS = "DELETE FROM contact_tag WHERE workspace = $1 AND contact = $2";
}

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// The most tags of a workspace.
pub const MAX_TAGS: usize = 5000;

store::row! {
    /// A tag.
    #[derive(Debug, Clone, PartialEq, serde::Serialize)]
    pub struct Tag {
        /// Its id.
        pub id: TagId,
        /// Its name.
        pub name: String,
        /// When it was first used.
        pub created_at: Timestamp,
    }
}

fn checked(name: &str) -> Result<String, Problem> {
    crate::import::values::line(name)
        .filter(|name| !name.is_empty() && name.chars().count() <= MAX_NAME)
        .ok_or_else(|| Problem::field("tag", "a tag's name has 1 to 100 characters"))
}

/// Every tag of the workspace, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Tag>> {
    Ok(ctx.db.all(TAGS, params![ctx.workspace]).await?)
}

/// The names of the tags of many people, in their order.
pub async fn names_of(ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<Vec<String>>> {
    let sets = contacts.iter().map(|contact| params![ctx.workspace, *contact]).collect();
    let rows: Vec<Vec<(String,)>> = ctx.db.many(NAMES_OF, sets).await?;
    Ok(rows.into_iter().map(|names| names.into_iter().map(|name| name.0).collect()).collect())
}

/// The tags of a person and since when they have each.
///
/// # Errors
/// When the store fails.
pub async fn since(ctx: &Ctx, contact: ContactId) -> Result<Vec<(TagId, String, Timestamp)>> {
    Ok(ctx.db.all(TAGGED, params![ctx.workspace, contact]).await?)
}

/// The tag of this name, whatever the spelling's case and accents.
pub async fn by_name(ctx: &Ctx, name: &str) -> Result<Option<Tag>> {
    Ok(ctx.db.opt(TAG_BY_NAME, params![ctx.workspace, fold(name)]).await?)
}

/// The ids of these names, in their order; names that are new become tags.
pub async fn ensure(ctx: &Ctx, names: &[String]) -> Result<Vec<TagId>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let names = names.iter().map(|name| checked(name)).collect::<Result<Vec<_>, _>>()?;
    let look_up = async || -> Result<Vec<Option<TagId>>> {
        let sets = names.iter().map(|name| params![ctx.workspace, fold(name)]).collect();
        let found: Vec<Vec<Tag>> = ctx.db.many(TAG_BY_NAME, sets).await?;
        Ok(found.into_iter().map(|tags| tags.first().map(|tag| tag.id)).collect())
    };
    let mut found = look_up().await?;
    if found.iter().any(Option::is_none) {
        if list(ctx).await?.len() + names.len() > MAX_TAGS {
            return Err(Problem::field("tags", "a workspace has at most 5000 tags").into());
        }
        let mut batch = ctx.batch();
        for (name, _) in names.iter().zip(&found).filter(|(_, id)| id.is_none()) {
            let id: TagId = ctx.id();
            batch.push(INSERT_TAG, params![ctx.workspace, id, name, fold(name), ctx.now()]);
        }
        ctx.db.apply(batch).await?;
        found = look_up().await?;
    }
    found.into_iter().map(|id| id.ok_or(Error::Corrupt("tag"))).collect()
}

/// Gives people a tag, or takes it from them.
pub async fn set(ctx: &Ctx, tag: TagId, contacts: &[ContactId], tagged: bool) -> Result<()> {
    let mut batch = ctx.batch();
    for contact in contacts {
        if tagged {
            push(&mut batch, ctx, *contact, tag);
        } else {
            batch.push(REMOVE_TAG, params![ctx.workspace, *contact, tag]);
        }
    }
    let kind = if tagged { "contact.tagged" } else { "contact.untagged" };
    batch.feed(Feed { kind, entity: tag.into(), data: json!({"tag": tag, "contacts": contacts}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Gives a person a tag in the caller's batch, which also feeds the change.
pub(crate) fn push(batch: &mut Batch, ctx: &Ctx, contact: ContactId, tag: TagId) {
    batch.push(ADD_TAG, params![ctx.workspace, contact, tag, ctx.now()]);
}

/// Takes a tag from a person in the caller's batch, which also feeds the change.
pub(crate) fn take(batch: &mut Batch, ctx: &Ctx, contact: ContactId, tag: TagId) {
    batch.push(REMOVE_TAG, params![ctx.workspace, contact, tag]);
}

/// Gives a tag another name.
pub async fn rename(ctx: &Ctx, tag: TagId, name: &str) -> Result<()> {
    let name = checked(name)?;
    let mut batch = ctx.batch();
    batch.guard(RENAME_TAG, params![ctx.workspace, tag, &name, fold(&name)]);
    batch.feed(Feed { kind: "tag.updated", entity: tag.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A tag by its id.
///
/// # Errors
/// `not_found`.
pub async fn get(ctx: &Ctx, id: TagId) -> Result<Tag> {
    let tag: Option<Tag> = ctx.db.get(TAG, params![ctx.workspace, id]).await?;
    tag.ok_or(Error::NotFound("tag"))
}

/// Makes one tag of two: whoever has the duplicate has `kept` instead, and saved segments that name the
/// duplicate name `kept`. Answers how many segments were changed.
///
/// # Errors
/// `not_found` when one of them is not there; `invalid_input` when both are the same.
pub async fn merge(ctx: &Ctx, kept: TagId, duplicate: TagId) -> Result<usize> {
    let (stays, goes) = (get(ctx, kept).await?, get(ctx, duplicate).await?);
    if kept == duplicate {
        return Err(Problem::field("duplicate", "a tag cannot be merged with itself").into());
    }
    let mut batch = ctx.batch();
    batch.push(MERGE_TAGGINGS, params![ctx.workspace, duplicate, kept]);
    batch.push(DELETE_TAGGINGS, params![ctx.workspace, duplicate]);
    batch.guard(DELETE_TAG, params![ctx.workspace, duplicate]);
    let changed = crate::segments::saved::rename_tag(&mut batch, ctx, &goes, &stays).await?;
    batch.feed(Feed { kind: "tag.merged", entity: kept.into(), data: json!({"from": duplicate}) });
    ctx.db.apply(batch).await?;
    Ok(changed)
}

/// Deletes a tag that nobody has; says whether it did.
///
/// # Errors
/// When the store fails.
pub async fn erase_unused(ctx: &Ctx, tag: TagId) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.guard(ERASE_UNUSED_TAG, params![ctx.workspace, tag]);
    batch.feed(Feed { kind: "tag.deleted", entity: tag.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// Deletes a tag and takes it from everybody.
pub async fn delete(ctx: &Ctx, tag: TagId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(DELETE_TAGGINGS, params![ctx.workspace, tag]);
    batch.guard(DELETE_TAG, params![ctx.workspace, tag]);
    batch.feed(Feed { kind: "tag.deleted", entity: tag.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let tags: Vec<(TagId, String)> =
            ctx.db.all(crate::contacts::queries::TAGS_OF, params![ctx.workspace, subject]).await?;
        Ok(tags.into_iter().map(|(_, name)| json!({"tag": name})).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "contact_tag",
    class: "marketing.contact",
    subject: "contact",
    columns: &[],
    erase: &[ERASE_TAGS],
    kept: None,
    collect: Some(collect),
});
