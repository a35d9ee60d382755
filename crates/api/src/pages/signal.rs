//! Global Privacy Control on the public pages: whoever's browser sends `Sec-GPC: 1` and acts here is
//! recorded as objecting; and the well-known file that says that this server heeds the signal.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::ContactId;
use privacy::signal;
use store::Ctx;

use super::visitor::Visitor;
use crate::App;

/// <https://w3c.github.io/gpc/>, "GPC Support Resource".
const SUPPORT: &str = "{\"gpc\":true,\"lastUpdate\":\"2026-11-21\"}";

pub(super) fn router() -> Router<App> {
    Router::new().route("/.well-known/gpc.json", get(support))
}

async fn support() -> Response {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], SUPPORT).into_response()
}

/// Records the objection that the visitor's browser makes, when it makes one.
pub(super) async fn heed(visitor: &Visitor, ctx: &Ctx, contact: ContactId, surface: &str) -> Result<()> {
    if visitor.private {
        signal::heed(ctx, contact, surface).await?;
    }
    Ok(())
}
