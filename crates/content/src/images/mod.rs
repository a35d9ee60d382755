//! The image library: pictures that messages show, kept in the database so that a backup holds them and
//! every node serves them. What a file is stands in its own octets; what a client says about it counts
//! for nothing.

mod sniff;

use kernel::{Code, ImageId, Page, PageRequest, Problem, TemplateId, Timestamp, WorkspaceId};
use store::{Ctx, params, sql};

pub use sniff::{Kind, MAX_SIDE, Refused, Seen, sniff};

use crate::source::Variants;

store::migration!("content", 11, "images", include_str!("../../migrations/0011_images.sql"));

/// The largest picture, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// What a workspace may keep unless its operator says otherwise, in bytes.
pub const QUOTA: u64 = 500 * 1000 * 1000;
const MAX_NAME: usize = 200;
/// How many saved designs are looked through at once.
const CHUNK: i64 = 200;

sql! {
    INSERT_IMAGE = "INSERT INTO image (workspace, id, name, kind, width, height, bytes, created_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET_IMAGE = "SELECT id, name, kind, width, height, bytes, created_at FROM image WHERE workspace = $1 AND id = $2";
    GET_IMAGE_BODY = "SELECT kind, body FROM image WHERE workspace = $1 AND id = $2";
    LIST_IMAGES = "SELECT id, name, kind, width, height, bytes, created_at FROM image WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    DELETE_IMAGE = "DELETE FROM image WHERE workspace = $1 AND id = $2";
    SUM_IMAGES = "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM image WHERE workspace = $1";
    LIST_TEMPLATE_SOURCES = "SELECT id, name, source FROM template WHERE workspace = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT $3";
}

/// What can go wrong with a picture.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The file is no picture that mail programs show.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The file is too large.
    #[error("a picture has at most {MAX_BYTES} bytes: make it smaller, mail is read on telephones")]
    TooLarge,
    /// The workspace has no room left.
    #[error("the image library is full: {0} bytes are the most; delete pictures that nothing uses")]
    Full(u64),
    /// A name is missing or too long.
    #[error("name: expected 1 to {MAX_NAME} characters")]
    Name,
    /// There is no such picture.
    #[error("there is no such picture")]
    NotFound,
    /// The cursor is none of ours.
    #[error("take the cursor from `next`")]
    Cursor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Refused(_) => Self::new(Code::UnsupportedMediaType, detail),
            Error::TooLarge => Self::new(Code::PayloadTooLarge, detail),
            Error::Full(_) => Self::new(Code::Conflict, detail),
            Error::Name => Self::field("name", "expected 1 to 200 characters"),
            Error::NotFound => Self::new(Code::NotFound, detail),
            Error::Cursor => Self::field("cursor", detail),
            Error::Store(error) => error.problem(),
        }
    }
}

store::row! {
    /// A picture without its octets.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Image {
        /// Its id.
        pub id: ImageId,
        /// Its name, for members.
        pub name: String,
        /// Its media type, as the octets say.
        pub kind: String,
        /// Its width in pixels.
        pub width: i64,
        /// Its height in pixels.
        pub height: i64,
        /// Its size.
        pub bytes: i64,
        /// When it was uploaded.
        pub created_at: Timestamp,
    }
}

/// Where a picture is served, from the root of the public URL.
pub fn path(workspace: WorkspaceId, id: ImageId) -> String {
    format!("/i/{workspace}/{id}")
}

/// Keeps a picture. `quota` is what the workspace may keep in all; pictures that come in at the same instant
/// may together pass it by a few.
///
/// # Errors
/// [`Error::Refused`], [`Error::TooLarge`], [`Error::Full`], [`Error::Name`], or the store's.
pub async fn add(ctx: &Ctx, name: &str, body: Vec<u8>, quota: u64) -> Result<Image, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::Name);
    }
    if body.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let seen = sniff(&body)?;
    let kept: Option<(i64,)> = ctx.db.opt(SUM_IMAGES, params![ctx.workspace]).await?;
    let kept = kept.map_or(0, |(sum,)| sum.max(0) as u64);
    if kept + body.len() as u64 > quota {
        return Err(Error::Full(quota));
    }
    let image = Image {
        id: ctx.id(),
        name: name.to_owned(),
        kind: seen.kind.media_type().to_owned(),
        width: i64::from(seen.width),
        height: i64::from(seen.height),
        bytes: body.len() as i64,
        created_at: ctx.now(),
    };
    let mut batch = ctx.batch();
    batch.push(
        INSERT_IMAGE,
        params![
            ctx.workspace,
            image.id,
            image.name.as_str(),
            image.kind.as_str(),
            image.width,
            image.height,
            image.bytes,
            image.created_at,
            body
        ],
    );
    ctx.db.apply(batch).await?;
    Ok(image)
}

/// Pictures, newest first.
///
/// # Errors
/// [`Error::Cursor`], or the store's.
pub async fn list(ctx: &Ctx, request: &PageRequest) -> Result<Page<Image>, Error> {
    let before = match request.cursor.as_deref() {
        Some(text) => text.parse().map_err(|_| Error::Cursor)?,
        None => ImageId([0xff; 16]),
    };
    let limit = request.limit();
    let mut items: Vec<Image> = ctx.db.all(LIST_IMAGES, params![ctx.workspace, before, limit + 1]).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|image| image.id.to_string());
    Ok(Page { items, next })
}

/// One picture without its octets.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: ImageId) -> Result<Image, Error> {
    ctx.db.opt(GET_IMAGE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound)
}

/// A picture's media type and octets, for serving it.
///
/// # Errors
/// The store's.
pub async fn body(ctx: &Ctx, id: ImageId) -> Result<Option<(String, Vec<u8>)>, Error> {
    Ok(ctx.db.opt(GET_IMAGE_BODY, params![ctx.workspace, id]).await?)
}

/// Deletes a picture; whoever calls has looked whether something uses it.
///
/// # Errors
/// The store's.
pub async fn delete(ctx: &Ctx, id: ImageId) -> Result<(), Error> {
    let mut batch = ctx.batch();
    batch.push(DELETE_IMAGE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The saved designs that show a picture, by id and name.
///
/// # Errors
/// The store's.
pub async fn templates_with(ctx: &Ctx, id: ImageId) -> Result<Vec<(TemplateId, String)>, Error> {
    let path = path(ctx.workspace, id);
    let mut found = Vec::new();
    let mut after = TemplateId([0; 16]);
    loop {
        let rows: Vec<(TemplateId, String, String)> =
            ctx.db.all(LIST_TEMPLATE_SOURCES, params![ctx.workspace, after, CHUNK]).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.0;
        found.extend(rows.into_iter().filter(|row| row.2.contains(&path)).map(|(id, name, _)| (id, name)));
    }
}

/// Whether content shows a picture, in any of its languages.
pub fn shows(variants: &Variants, workspace: WorkspaceId, id: ImageId) -> bool {
    variants.to_json().contains(&path(workspace, id))
}
