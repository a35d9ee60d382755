//! Consent to cookies and the like (ePrivacy Art. 5(3)): the sites that ask, what they load in which
//! of four categories, and the proof of every choice. A version of a site never changes; a visitor is
//! asked again when what is loaded has changed (a new *round*), not for another colour.

mod design;
mod proof;

pub use design::{Category, Colour, Design, Entry, Position, Service, Texts};
pub use proof::{Action, Choice, Proof, Tally, proofs_of_visitor, record, tally};

use aws_lc_rs::digest::{SHA256, digest};
use kernel::{CookieSiteId, Timestamp};
use serde::Serialize;
use store::{Ctx, Feed, params};

use crate::{Error, Result};

store::sql! {
    INSERT_SITE = "INSERT INTO cookie_site (workspace, id, name, version, round, design, archived_at, created_at, updated_at)
        VALUES ($1, $2, $3, 1, 1, $4, NULL, $5, $5)";
    INSERT_VERSION = "INSERT INTO cookie_site_version (workspace, site, version, round, design, hash, at, by_actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE_SITE = "UPDATE cookie_site SET name = $3, version = $4, round = $5, design = $6, updated_at = $7
        WHERE workspace = $1 AND id = $2 AND version = $8";
    ARCHIVE_SITE = "UPDATE cookie_site SET archived_at = $3, updated_at = $4 WHERE workspace = $1 AND id = $2";
    SITE = "SELECT id, name, version, round, design, archived_at, created_at, updated_at FROM cookie_site
        WHERE workspace = $1 AND id = $2";
    SITES = "SELECT id, name, version, round, design, archived_at, created_at, updated_at FROM cookie_site
        WHERE workspace = $1 ORDER BY id";
    VERSION = "SELECT design FROM cookie_site_version WHERE workspace = $1 AND site = $2 AND version = $3";
}

/// A web site that asks its visitors.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// Its id.
    pub id: CookieSiteId,
    /// What members call it.
    pub name: String,
    /// Counts changes; a proof names the version that was shown.
    pub version: i64,
    /// Counts the changes that visitors are asked about again.
    pub round: i64,
    /// What it loads and how it asks.
    pub design: Design,
    /// Out of use since.
    pub archived_at: Option<Timestamp>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
}

impl store::FromRow for Site {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            version: row.take()?,
            round: row.take()?,
            design: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("a cookie site"))?,
            archived_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

fn checked(name: &str, design: &Design) -> Result<(String, String)> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Error::Invalid { field: "name", detail: "a name has 1 to 200 characters on one line" });
    }
    design.check()?;
    let text = serde_json::to_string(design).map_err(|_| Error::Corrupt("cookie site"))?;
    Ok((name.to_owned(), text))
}

fn push_version(
    batch: &mut store::Batch,
    ctx: &Ctx,
    (id, version, round): (CookieSiteId, i64, i64),
    text: &str,
    kind: &'static str,
) {
    let hash = digest(&SHA256, text.as_bytes());
    batch.push(
        INSERT_VERSION,
        params![ctx.workspace, id, version, round, text, hash.as_ref(), ctx.now(), ctx.actor.to_string()],
    );
    accounts::audit::record(batch, ctx, kind, &[&id]);
    batch.feed(Feed { kind, entity: id.into(), data: serde_json::json!({ "version": version, "round": round }) });
}

/// Adds a site.
///
/// # Errors
/// [`Error::Invalid`] naming what is wrong with the design; store errors.
pub async fn create(ctx: &Ctx, name: &str, design: &Design) -> Result<Site> {
    let (name, text) = checked(name, design)?;
    let id: CookieSiteId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_SITE, params![ctx.workspace, id, name, &text, ctx.now()]);
    push_version(&mut batch, ctx, (id, 1, 1), &text, "cookie_site.created");
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Publishes a changed site as its next version. Visitors are asked again when it loads something
/// else than before.
///
/// # Errors
/// [`Error::Invalid`]; [`store::Error::Guard`] when somebody changed it meanwhile.
pub async fn update(ctx: &Ctx, before: &Site, name: &str, design: &Design) -> Result<Site> {
    let (name, text) = checked(name, design)?;
    let version = before.version + 1;
    let round = before.round + i64::from(design.services != before.design.services);
    let mut batch = ctx.batch();
    batch.guard(UPDATE_SITE, params![ctx.workspace, before.id, name, version, round, &text, ctx.now(), before.version]);
    push_version(&mut batch, ctx, (before.id, version, round), &text, "cookie_site.updated");
    ctx.db.apply(batch).await?;
    get(ctx, before.id).await
}

/// Takes a site out of use, or brings it back. Its proofs stay.
///
/// # Errors
/// [`store::Error::Guard`] when there is no such site.
pub async fn archive(ctx: &Ctx, id: CookieSiteId, archived: bool) -> Result<()> {
    let at: Option<Timestamp> = archived.then(|| ctx.now());
    let mut batch = ctx.batch();
    batch.guard(ARCHIVE_SITE, params![ctx.workspace, id, at, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "cookie_site.archived", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A site.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: CookieSiteId) -> Result<Site> {
    let site: Option<Site> = ctx.db.get(SITE, params![ctx.workspace, id]).await?;
    site.ok_or(Error::NotFound("cookie site"))
}

/// Every site, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Site>> {
    Ok(ctx.db.all(SITES, params![ctx.workspace]).await?)
}

/// What a site looked like in one version, for whoever must show what a visitor agreed to.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn version(ctx: &Ctx, id: CookieSiteId, version: i64) -> Result<Design> {
    let row: Option<(String,)> = ctx.db.opt(VERSION, params![ctx.workspace, id, version]).await?;
    let (text,) = row.ok_or(Error::NotFound("version of this cookie site"))?;
    serde_json::from_str(&text).map_err(|_| Error::Corrupt("cookie site"))
}
