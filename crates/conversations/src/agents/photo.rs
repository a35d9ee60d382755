//! Members' photos. A photo is the member's own: they put it there, it is shown only beside a name that they show,
//! and it goes when they take it away.

use kernel::{Code, Problem, UserId, WorkspaceId};
use serde_json::json;
use store::{Core, Ctx, Feed, PersonalTable, params};

use super::picture;
use crate::hub::{Hub, Signal};
use crate::{Error, Result};

const SEALED: &str = "chat_photo.sealed";
/// The largest photo, in octets.
pub const LARGEST: usize = 512 * 1024;

store::sql! {
    PUT = "INSERT INTO chat_photo (workspace, member, mark, sealed, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, member) DO UPDATE SET mark = $3, sealed = $4, updated_at = $5";
    DELETE = "DELETE FROM chat_photo WHERE workspace = $1 AND member = $2";
    MARK = "SELECT mark FROM chat_photo WHERE workspace = $1 AND member = $2";
    MARKS = "SELECT member, mark FROM chat_photo WHERE workspace = $1";
    /// The address of a photo names the photo only.
    BY_MARK = "SELECT workspace, member, sealed FROM chat_photo WHERE mark = $1";
}

/// The path of a photo, by its mark.
fn path(mark: &[u8]) -> String {
    format!("/w/photo/{}", crate::encryption::encoded(mark))
}

fn told(batch: &mut store::Batch, ctx: &Ctx, (user, action): (UserId, &'static str)) {
    batch.feed(Feed { kind: "chat_agent.updated", entity: user.0, data: json!({}) });
    accounts::audit::record(batch, ctx, action, &[&user]);
}

/// Puts a member's photo there, without what the camera wrote into it.
///
/// # Errors
/// Anything that is no PNG, JPEG or WebP; more than [`LARGEST`].
pub async fn set_photo(ctx: &Ctx, hub: &Hub, user: UserId, bytes: &[u8]) -> Result<String> {
    if bytes.len() > LARGEST {
        return Err(Problem::new(Code::PayloadTooLarge, "a photo has at most 524288 octets").into());
    }
    let unsupported = || Error::from(Problem::new(Code::UnsupportedMediaType, "expected a PNG, JPEG or WebP picture"));
    let bytes = picture::bare(bytes).ok_or_else(unsupported)?;
    let mut mark = [0; 16];
    ctx.rng.fill(&mut mark);
    let sealed = ctx.keys().await?.seal(SEALED, &bytes);
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, user, mark.to_vec(), sealed, ctx.now()]);
    told(&mut batch, ctx, (user, "chat_agent.photo_set"));
    ctx.db.apply(batch).await?;
    hub.tell_agents(ctx.workspace, &Signal::Agent(user));
    Ok(path(&mark))
}

/// Takes a member's photo away.
///
/// # Errors
/// When the store fails.
pub async fn remove_photo(ctx: &Ctx, hub: &Hub, user: UserId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, user]);
    told(&mut batch, ctx, (user, "chat_agent.photo_removed"));
    ctx.db.apply(batch).await?;
    hub.tell_agents(ctx.workspace, &Signal::Agent(user));
    Ok(())
}

/// Where members' photos are.
///
/// # Errors
/// When the store fails.
pub async fn photos(ctx: &Ctx) -> Result<std::collections::BTreeMap<UserId, String>> {
    let rows: Vec<(UserId, Vec<u8>)> = ctx.db.all(MARKS, params![ctx.workspace]).await?;
    Ok(rows.into_iter().map(|(user, mark)| (user, path(&mark))).collect())
}

/// Where people see a member's photo, if they may see who it is.
///
/// # Errors
/// When the store fails.
pub async fn shown_photo(ctx: &Ctx, user: UserId) -> Result<Option<String>> {
    if !super::get(ctx, user).await?.show_name {
        return Ok(None);
    }
    let row: Option<(Vec<u8>,)> = ctx.db.get(MARK, params![ctx.workspace, user]).await?;
    Ok(row.map(|row| path(&row.0)))
}

/// A photo by the name in its address: its media type and its octets.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn photo(core: &Core, name: &str) -> Result<(&'static str, Vec<u8>)> {
    let gone = || Error::NotFound("photo");
    let mark: [u8; 16] = crate::encryption::octets("photo", name).map_err(|_| gone())?;
    let row: Option<(WorkspaceId, UserId, Vec<u8>)> = core.db.get(BY_MARK, params![mark.to_vec()]).await?;
    let (workspace, _, sealed) = row.ok_or_else(gone)?;
    let bytes = core.vault.keys(workspace).await?.open(SEALED, &sealed)?;
    Ok((picture::media_type(&bytes).ok_or_else(gone)?, bytes))
}

store::personal!(PersonalTable {
    table: "chat_photo",
    class: "account.member",
    subject: "member",
    columns: &["sealed"],
    erase: &[DELETE],
    kept: None,
    collect: None,
});
