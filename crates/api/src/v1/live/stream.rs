//! `GET /v1/live`

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::LiveChange;
use super::watch::Watch;
use crate::v1::prelude::*;

/// Which workspace: an event source of a browser sends no headers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LiveQuery {
    /// The workspace; needed when you belong to several.
    #[expect(dead_code, reason = "read by whoever authenticates the caller")]
    workspace: Option<String>,
}

/// What happens in the workspace, while it happens, as server-sent events.
///
/// `change` (ids and kinds of what your role may read), `activity` (long work), `presence` (who looks at
/// what), `resync` (too far behind: load anew), `bye` (the stream ends for good). `Last-Event-ID` goes on
/// where a stream ended. It ends with the session; eight are open at a time.
#[utoipa::path(get, path = "/v1/live", params(LiveQuery), security(("session" = [])),
    responses((status = 200, body = LiveChange, content_type = "text/event-stream")))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(_): Query<LiveQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let ctx = crate::v1::member(&caller)?;
    let session = crate::v1::session_of(&caller)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let slot =
        app.shell.streams().enter(session.user).ok_or_else(|| {
            Problem::new(Code::RateLimited, "you have eight streams open; close a window").retry_after(5)
        })?;
    let watch = Watch::open((app, slot), ctx, (session, caller.permissions()), last).await?;
    let body = Body::from_stream(stream::unfold(watch, |mut watch| async move {
        let text = watch.next().await?;
        Some((Ok::<Bytes, std::convert::Infallible>(Bytes::from(text)), watch))
    }));
    let mut response = body.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers would hold every event back.
    fields.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
