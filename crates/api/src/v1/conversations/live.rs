//! `GET /v1/conversations/live`

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::live_stream::Watch;
use crate::v1::prelude::*;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LiveConversationsQuery {
    /// The last number that was told; what comes after it is told first.
    after: Option<i64>,
    /// The workspace; needed when you belong to several.
    #[expect(dead_code, reason = "read by whoever authenticates the caller")]
    workspace: Option<String>,
}

/// What happens in conversations, while it happens, as server-sent events.
///
/// `event` (an event was added or deleted), `changed` (read the row again), `seen`, `typing`, `peek` (what is typed
/// and not sent), `visitor`, `visitor_left`, `agent`, `queue`, `devices`, `file`, `resync` (too far behind: load anew), `bye`.
/// Lines with `id` say where to go on with `Last-Event-ID` or `after`.
#[utoipa::path(get, path = "/v1/conversations/live", params(LiveConversationsQuery),
    security(("session" = ["conversations:read"])),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<LiveConversationsQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let slot =
        app.shell.streams().enter(session.user).ok_or_else(|| {
            Problem::new(Code::RateLimited, "you have eight streams open; close a window").retry_after(5)
        })?;
    let watch = Watch::open(app, slot, ctx, session, last.or(query.after)).await?;
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
