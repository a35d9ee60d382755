//! Versions of privacy notices and wordings. A version never changes: it is found by the hash of
//! its text, and a consent names the version the person saw. [`diff`] shows what changed between two of
//! them, [`template`] writes a first draft, [`readability`] says how hard a text is to read.

mod diff;
mod naming;
mod publish;
mod readability;
mod template;

pub use diff::{Segment, SegmentKind, diff};
pub use naming::naming;
pub use publish::{Edition, publish_all};
pub use readability::{Level, Readability, readability};
pub use template::{Audience as TemplateAudience, template};

use data_encoding::HEXLOWER;
use kernel::{Locale, NoticeId, Timestamp};
use serde::Serialize;
use store::{Ctx, params};

use crate::{Error, Result};

/// The longest text of a notice, in bytes.
pub const LONGEST: usize = 1 << 20;

store::sql! {
    INSERT_NOTICE = "INSERT INTO notice_version
        (workspace, id, notice, language, version, hash, material, body, published_at, published_by, reconsent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LATEST_NOTICE = "SELECT id, notice, language, version, hash, material, body, published_at, published_by, reconsent
        FROM notice_version WHERE workspace = $1 AND notice = $2 AND language = $3 ORDER BY version DESC LIMIT 1";
    NOTICE = "SELECT id, notice, language, version, hash, material, body, published_at, published_by, reconsent
        FROM notice_version WHERE workspace = $1 AND id = $2";
    NOTICE_IDS = "SELECT id FROM notice_version WHERE workspace = $1 AND notice = $2 LIMIT 1000";
    NOTICE_HEADS = "SELECT n.id, n.notice, n.language, n.version, n.hash, n.material, '', n.published_at, n.published_by, n.reconsent
        FROM notice_version n WHERE n.workspace = $1 AND n.version = (SELECT max(o.version) FROM notice_version o
            WHERE o.workspace = n.workspace AND o.notice = n.notice AND o.language = n.language)
        ORDER BY n.notice, n.language LIMIT 2000";
    NOTICE_VERSIONS = "SELECT id, notice, language, version, hash, material, body, published_at, published_by, reconsent
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
        reconsent: bool,
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
    /// Whether purposes changed, so that consents given under earlier versions are to be asked for anew.
    pub reconsent: bool,
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
            reconsent: row.reconsent,
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

/// Publishes a text as the next version. The same text again is the version that is there. A material
/// change is told to the members by mail.
///
/// # Errors
/// [`Error::Invalid`] for an empty or overlong text; store errors ([`store::Error::Unique`] when
/// two publish at the same moment).
pub async fn publish(ctx: &Ctx, draft: Draft<'_>) -> Result<Notice> {
    let texts = [(draft.language, draft.body)];
    let edition = Edition { notice: draft.notice, texts: &texts, material: draft.material, reconsent: false };
    publish_all(ctx, edition).await?.pop().ok_or(Error::NotFound("notice"))
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

/// The version in force of every notice in every language, without the texts.
///
/// # Errors
/// When the store fails.
pub async fn heads(ctx: &Ctx) -> Result<Vec<Notice>> {
    let rows: Vec<NoticeRow> = ctx.db.all(NOTICE_HEADS, params![ctx.workspace]).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The ids of every version of a notice in any language, as evidence names them.
pub(crate) async fn ids_of(ctx: &Ctx, notice: &str) -> Result<Vec<String>> {
    let rows: Vec<(NoticeId,)> = ctx.db.all(NOTICE_IDS, params![ctx.workspace, notice]).await?;
    Ok(rows.into_iter().map(|row| row.0.to_string()).collect())
}

/// The version before a version, in the same language; none before the first.
///
/// # Errors
/// When the store fails.
pub async fn before(ctx: &Ctx, notice: &Notice) -> Result<Option<Notice>> {
    let rows: Vec<NoticeRow> =
        ctx.db.all(NOTICE_VERSIONS, params![ctx.workspace, &notice.notice, &notice.language]).await?;
    Ok(rows.into_iter().map(Notice::from).rfind(|other| other.version < notice.version))
}
