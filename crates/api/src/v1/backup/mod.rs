//! Backups of a running server.

mod data;
mod keys;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use store::{Ctx, Db};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::prelude::*;
use super::{stream as answers, trail};

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;

pub(super) fn routes() -> Routes {
    routes!("backup": data, keys)
}

/// Who may take a backup. It holds every workspace of the server, so it is for the owner of a
/// server's only workspace; with several, the operator takes it at the console.
async fn owner(caller: &Caller) -> Result<Ctx> {
    let ctx = caller.require("workspace:close")?;
    if accounts::workspaces::all(&ctx).await? != [ctx.workspace] {
        let detail = "this server holds several workspaces; its operator runs `barid backup` beside the data directory";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    Ok(ctx)
}

/// A consistent copy of a database as an answer. The copy is gone from the disk as soon as it is open.
async fn copy(app: &App, ctx: &Ctx, db: &Db, name: &'static str) -> Result<Response> {
    let id: kernel::EventId = ctx.id();
    let path = app.data.join(format!("backup-{id}.tmp"));
    let copied = db.backup_file(path.clone()).await;
    let opened = match copied {
        Ok(()) => File::open(&path).await.map_err(|error| Failure::new(Code::Unavailable, error.kind().to_string())),
        Err(error) => Err(error.into()),
    };
    let _ = tokio::fs::remove_file(&path).await;
    let file = opened?;
    trail::note(ctx, "backup.taken", &[&ctx.workspace]).await?;
    let body = Body::from_stream(stream::unfold(Some(file), next));
    Ok(answers::file(body, "application/octet-stream", Some(name)))
}

async fn next(file: Option<File>) -> Option<(std::io::Result<Bytes>, Option<File>)> {
    let mut file = file?;
    let mut buffer = Vec::with_capacity(CHUNK);
    match (&mut file).take(CHUNK as u64).read_to_end(&mut buffer).await {
        Ok(0) => None,
        Ok(_) => Some((Ok(buffer.into()), Some(file))),
        Err(error) => Some((Err(error), None)),
    }
}
