//! Prepared answers of members, by shortcut.

use kernel::{CannedId, GroupId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::{Error, Result, text};

/// The most prepared answers of a workspace.
const MOST: usize = 5000;

/// What a prepared answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What is typed after a slash.
    pub shortcut: String,
    /// What it says.
    pub text: String,
    /// In which language.
    #[serde(default)]
    pub language: Option<String>,
    /// For which group; none is for everybody.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Tags that go with it.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A prepared answer.
#[derive(Debug, Clone)]
pub struct Canned {
    /// Its id.
    pub id: CannedId,
    /// What it is.
    pub draft: Draft,
    /// Changed last.
    pub updated_at: Timestamp,
}

store::sql! {
    PUT = "INSERT INTO canned_reply (workspace, id, shortcut, document, grp, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, id) DO UPDATE SET shortcut = $3, document = $4, grp = $5, updated_at = $6";
    ALL = "SELECT id, document, updated_at FROM canned_reply WHERE workspace = $1 ORDER BY id";
    DELETE = "DELETE FROM canned_reply WHERE workspace = $1 AND id = $2";
}

/// Every prepared answer.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Canned>> {
    let rows: Vec<(CannedId, String, Timestamp)> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    rows.into_iter()
        .map(|(id, document, updated_at)| {
            let draft = serde_json::from_str(&document).map_err(|_| Error::Corrupt("prepared answer"))?;
            Ok(Canned { id, draft, updated_at })
        })
        .collect()
}

/// Makes a prepared answer, or changes one. A shortcut is there once per group.
///
/// # Errors
/// Texts that are too long, a shortcut that is taken, [`Error::NotFound`].
pub async fn put(ctx: &Ctx, id: Option<CannedId>, draft: &Draft) -> Result<Canned> {
    let shortcut = text::line("shortcut", &draft.shortcut, 60)?;
    if shortcut.contains(char::is_whitespace) || shortcut.starts_with('/') {
        return Err(Error::field("shortcut", "is one word, written without the slash"));
    }
    text::message(&draft.text)?;
    if draft.tags.len() > 20 {
        return Err(Error::field("tags", "at most 20"));
    }
    if let Some(language) = &draft.language
        && language.parse::<kernel::Locale>().is_err()
    {
        return Err(Error::field("language", "expected a language tag such as ar"));
    }
    if let Some(group) = draft.group {
        crate::groups::get(ctx, group).await.map_err(|_| Error::field("group", "there is no such group"))?;
    }
    let known = list(ctx).await?;
    let same = |one: &Canned| {
        Some(one.id) != id
            && one.draft.group == draft.group
            && one.draft.language == draft.language
            && kernel::fold(&one.draft.shortcut) == kernel::fold(&shortcut)
    };
    if known.iter().any(same) {
        return Err(Error::field("shortcut", "is taken"));
    }
    let id = match id {
        Some(id) if known.iter().any(|one| one.id == id) => id,
        Some(_) => return Err(Error::NotFound("prepared answer")),
        None if known.len() >= MOST => return Err(Error::State("a workspace has at most 5000 prepared answers")),
        None => ctx.id(),
    };
    let document = serde_json::to_string(draft).map_err(|_| Error::Corrupt("prepared answer"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, id, shortcut, document, draft.group, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(Canned { id, draft: draft.clone(), updated_at: ctx.now() })
}

/// Deletes a prepared answer.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: CannedId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(DELETE, params![ctx.workspace, id]);
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(()),
        Err(store::Error::Guard(_)) => Err(Error::NotFound("prepared answer")),
        Err(error) => Err(error.into()),
    }
}
