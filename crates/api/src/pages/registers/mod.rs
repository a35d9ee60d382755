//! What anybody may read about a workspace's processing: who receives data and what will change, every
//! version of every notice, how many requests of public authorities there were. No account, no script.

mod notices;
mod subprocessors;
mod transparency;

use accounts::workspaces::{self, Workspace};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use http_server::Result;
use kernel::WorkspaceId;
use privacy::announcements;
use store::{Actor, Ctx};

use super::letter::unknown;
use super::markup::Html;
use super::words::Words;
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/privacy/{workspace}/subprocessors", get(subprocessors::page))
        .route("/privacy/{workspace}/subprocessors.json", get(subprocessors::feed))
        .route("/privacy/{workspace}/notices", get(notices::list))
        .route("/privacy/{workspace}/notices/{notice}", get(notices::page))
        .route("/privacy/{workspace}/notices/{notice}/text", get(notices::text))
        .route("/privacy/{workspace}/transparency", get(transparency::page))
        .route("/privacy/{workspace}/transparency.json", get(transparency::feed))
        .layer(from_fn(public))
}

/// These pages are the same for everybody: they may be found and linked to.
async fn public(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().remove("x-robots-tag");
    response
}

/// The workspace of a path, by id or slug.
async fn workspace(app: &App, text: &str) -> Result<(Ctx, Workspace)> {
    let id = match text.parse::<WorkspaceId>() {
        Ok(id) => Some(id),
        Err(_) if text.len() <= 80 => workspaces::by_slug(&app.core, text).await?,
        Err(_) => None,
    };
    let found = match id {
        Some(id) => workspaces::find(&app.core, id).await?,
        None => None,
    };
    let found = found.ok_or_else(unknown)?;
    Ok((app.core.ctx(found.id, Actor::Person), found))
}

/// A text of the registers in the page's language; the key when there is none.
fn say(words: Words, key: &str, values: &[(&str, &str)]) -> String {
    announcements::words(words.0.tag(), key, values).unwrap_or_else(|_| key.to_owned())
}

/// A row of a description list; nothing when there is nothing to say.
fn row(out: &mut Html, label: &str, value: &str) {
    if !value.is_empty() {
        out.raw("<dt>").text(label).raw("</dt><dd>").bdi(value).raw("</dd>\n");
    }
}
