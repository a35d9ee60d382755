//! Versions of privacy notices and wordings. A version never changes: it is found by the hash of
//! its text, and a consent names the version the person saw.

mod naming;

pub use naming::naming;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use kernel::{Locale, NoticeId, Timestamp};
use serde::Serialize;
use store::{Ctx, Feed, params};

use crate::{Error, Result};

/// The longest text of a notice, in bytes.
pub const LONGEST: usize = 1 << 20;

store::sql! {
    INSERT_NOTICE = "INSERT INTO notice_version
        (workspace, id, notice, language, version, hash, material, body, published_at, published_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    LATEST_NOTICE = "SELECT id, notice, language, version, hash, material, body, published_at, published_by
        FROM notice_version WHERE workspace = $1 AND notice = $2 AND language = $3 ORDER BY version DESC LIMIT 1";
    NOTICE = "SELECT id, notice, language, version, hash, material, body, published_at, published_by
        FROM notice_version WHERE workspace = $1 AND id = $2";
    NOTICE_VERSIONS = "SELECT id, notice, language, version, hash, material, body, published_at, published_by
        FROM notice_version WHERE workspace = $1 AND notice = $2 AND language = $3 ORDER BY version";
}

store::row! {
    struct NoticeRow {
        id: NoticeId,
        notice: String,
        language: String,
        version: i64,
        hash: Vec<u8>,
        material: bool,
        body: String,
        published_at: Timestamp,
        published_by: String,
    }
}

/// One version of a notice in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its id, which evidence refers to.
    pub id: NoticeId,
    /// Which notice, such as `privacy` or `form.newsletter`.
    pub notice: String,
    /// The language.
    pub language: String,
    /// From 1, per notice and language.
    pub version: i64,
    /// SHA-256 of the text, in hex.
    pub hash: String,
    /// Whether it changes what people must be told about.
    pub material: bool,
    /// The text.
    pub body: String,
    /// Since when it is in force.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: String,
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        Self {
            id: row.id,
            notice: row.notice,
            language: row.language,
            version: row.version,
            hash: HEXLOWER.encode(&row.hash),
            material: row.material,
            body: row.body,
            published_at: row.published_at,
            published_by: row.published_by,
        }
    }
}

/// A text to publish.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Which notice.
    pub notice: &'a str,
    /// In which language.
    pub language: Locale,
    /// The text.
    pub body: &'a str,
    /// Whether people must be told of the change.
    pub material: bool,
}

/// Publishes a text as the next version. The same text again is the version that is there.
///
/// # Errors
/// [`Error::Invalid`] for an empty or overlong text; store errors ([`store::Error::Unique`] when
/// two publish at the same moment).
pub async fn publish(ctx: &Ctx, draft: Draft<'_>) -> Result<Notice> {
    if draft.body.trim().is_empty() {
        return Err(Error::Invalid { field: "body", detail: "a notice needs a text" });
    }
    if draft.body.len() > LONGEST {
        return Err(Error::Invalid { field: "body", detail: "a notice has at most one megabyte" });
    }
    let hash = digest(&SHA256, draft.body.as_bytes());
    let language = draft.language.to_string();
    let before = latest(ctx, draft.notice, &draft.language).await?;
    if let Some(same) = before.as_ref().filter(|notice| notice.body == draft.body) {
        return Ok(same.clone());
    }
    let row = NoticeRow {
        id: ctx.id(),
        notice: draft.notice.to_owned(),
        language,
        version: before.map_or(0, |notice| notice.version) + 1,
        hash: hash.as_ref().to_vec(),
        material: draft.material,
        body: draft.body.to_owned(),
        published_at: ctx.now(),
        published_by: ctx.actor.to_string(),
    };
    let mut batch = ctx.batch();
    batch.push(
        INSERT_NOTICE,
        params![
            ctx.workspace,
            row.id,
            &row.notice,
            &row.language,
            row.version,
            &row.hash,
            row.material,
            &row.body,
            row.published_at,
            &row.published_by
        ],
    );
    batch.feed(Feed {
        kind: "notice.published",
        entity: row.id.into(),
        data: serde_json::json!({"version": row.version, "material": row.material}),
    });
    ctx.db.apply(batch).await?;
    Ok(row.into())
}

/// The version in force.
///
/// # Errors
/// When the store fails.
pub async fn latest(ctx: &Ctx, notice: &str, language: &Locale) -> Result<Option<Notice>> {
    let row: Option<NoticeRow> =
        ctx.db.opt(LATEST_NOTICE, params![ctx.workspace, notice, language.to_string()]).await?;
    Ok(row.map(Into::into))
}

/// Every version there was, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn versions(ctx: &Ctx, notice: &str, language: &Locale) -> Result<Vec<Notice>> {
    let rows: Vec<NoticeRow> =
        ctx.db.all(NOTICE_VERSIONS, params![ctx.workspace, notice, language.to_string()]).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A version by its id, in force or not.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: NoticeId) -> Result<Notice> {
    let row: Option<NoticeRow> = ctx.db.opt(NOTICE, params![ctx.workspace, id]).await?;
    row.map(Into::into).ok_or(Error::NotFound("notice"))
}
