//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::BoxFuture;
use kernel::Problem;

use crate::{Failure, Metrics, metrics};

/// Says whether the server can answer requests, or why not.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), Problem>> + Send + Sync>;

/// The routes. `/healthz` answers while the process lives; `/readyz` asks `ready`.
pub fn probes(metrics: Metrics, ready: Ready) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz).with_state(ready))
        .route("/metrics", get(page).with_state(metrics))
}

async fn readyz(State(ready): State<Ready>) -> Response {
    match ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(problem) => Failure(problem).into_response(),
    }
}

async fn page(State(registry): State<Metrics>) -> Response {
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], registry.render()).into_response()
}
