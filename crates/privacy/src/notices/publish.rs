use aws_lc_rs::digest::{SHA256, digest};
use kernel::Locale;
use store::{Batch, Ctx, Feed, params};

use super::{INSERT_NOTICE, LONGEST, Notice, NoticeRow, latest};
use crate::announcements::{self, Audience, Letter};
use crate::{Error, Result, controller};

/// A notice in every language it is published in.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// Which notice.
    pub notice: &'a str,
    /// The text in each language.
    pub texts: &'a [(Locale, &'a str)],
    /// Whether people must be told of the change.
    pub material: bool,
    /// Whether purposes changed, so that people who consented are to be told and asked anew.
    pub reconsent: bool,
}

fn check(notice: &str, body: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.');
    if notice.is_empty() || notice.len() > 100 || !notice.bytes().all(plain) {
        return Err(Error::Invalid { field: "notice", detail: "1 to 100 characters of a-z, 0-9, '.', '_' and '-'" });
    }
    if body.trim().is_empty() {
        return Err(Error::Invalid { field: "body", detail: "a notice needs a text" });
    }
    if body.len() > LONGEST {
        return Err(Error::Invalid { field: "body", detail: "a notice has at most one megabyte" });
    }
    Ok(())
}

/// Publishes the languages of a notice together, each as its next version; a text that is in force already
/// stays the version it is. When anything is new and the change is material, every member gets one mail,
/// and when purposes changed, so does everybody whose consent names the notice. Publishing the same texts
/// once more tells nobody anything.
///
/// # Errors
/// [`Error::Invalid`] for an empty or overlong text; [`store::Error::Unique`] when two publish at once.
pub async fn publish_all(ctx: &Ctx, edition: Edition<'_>) -> Result<Vec<Notice>> {
    let mut out = Vec::with_capacity(edition.texts.len());
    let mut batch = ctx.batch();
    let mut newest = None;
    for (language, body) in edition.texts {
        check(edition.notice, body)?;
        let before = latest(ctx, edition.notice, language).await?;
        if let Some(same) = before.as_ref().filter(|notice| notice.body == *body) {
            out.push(same.clone());
            continue;
        }
        let row = NoticeRow {
            id: ctx.id(),
            notice: edition.notice.to_owned(),
            language: language.to_string(),
            version: before.map_or(0, |notice| notice.version) + 1,
            hash: digest(&SHA256, body.as_bytes()).as_ref().to_vec(),
            material: edition.material || edition.reconsent,
            body: (*body).to_owned(),
            published_at: ctx.now(),
            published_by: ctx.actor.to_string(),
            reconsent: edition.reconsent,
        };
        push(&mut batch, ctx, &row);
        newest = newest.or(Some(row.id));
        out.push(row.into());
    }
    if let Some(id) = newest {
        if edition.material || edition.reconsent {
            tell(&mut batch, ctx, id, edition).await?;
        }
        accounts::audit::record(&mut batch, ctx, "notice.published", &[&id]);
        ctx.db.apply(batch).await?;
    }
    Ok(out)
}

fn push(batch: &mut Batch, ctx: &Ctx, row: &NoticeRow) {
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
            &row.published_by,
            row.reconsent
        ],
    );
    batch.feed(Feed {
        kind: "notice.published",
        entity: row.id.into(),
        data: serde_json::json!({"version": row.version, "material": row.material, "reconsent": row.reconsent}),
    });
}

async fn tell(batch: &mut Batch, ctx: &Ctx, id: kernel::NoticeId, edition: Edition<'_>) -> Result<()> {
    let organisation = controller::get(ctx).await?.controller.name;
    let values = [("organisation", organisation.as_str()), ("notice", edition.notice)];
    let path = format!("/privacy/{}/notices/{}", ctx.workspace, edition.notice);
    let letter = Letter::written("notice_changed", &values)?.at(path.clone());
    announcements::announce(batch, ctx, ("notice_changed", Audience::Members), id.into(), &letter).await?;
    if edition.reconsent {
        let letter = Letter::written("purposes_changed", &values)?.at(path);
        let to = ("purposes_changed", Audience::Consenting);
        announcements::announce(batch, ctx, to, id.into(), &letter).await?;
    }
    Ok(())
}
