//! `/i/{workspace}/{id}`: the pictures of messages, for everybody who got one.
//!
//! A picture never changes under its address, so it may be kept for ever; it is shown as what its own octets
//! are, in a sandbox, and nothing in it can run.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use content::{images, starters};
use http_server::Result;
use kernel::{Code, ImageId, Problem, WorkspaceId};
use store::Actor;

use crate::App;

const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) fn router() -> Router<App> {
    Router::new().route("/i/{workspace}/{id}", get(show))
}

async fn show(
    State(app): State<App>,
    Path((workspace, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let unknown = || Problem::new(Code::NotFound, "there is no such picture");
    if workspace == "starters" {
        let body = starters::picture(&id).ok_or_else(unknown)?;
        return Ok(picture(&headers, &id, "image/png", Cow::Borrowed(body)));
    }
    let (Ok(workspace), Ok(image)) = (workspace.parse::<WorkspaceId>(), id.parse::<ImageId>()) else {
        return Err(unknown().into());
    };
    let ctx = app.core.ctx(workspace, Actor::System);
    let (kind, body) = images::body(&ctx, image).await?.ok_or_else(unknown)?;
    Ok(picture(&headers, &id, &kind, Cow::Owned(body)))
}

fn picture(asked: &HeaderMap, id: &str, kind: &str, body: Cow<'static, [u8]>) -> Response {
    let tag = format!("\"{id}\"");
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known == "*" || known.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(match body {
            Cow::Borrowed(body) => Body::from(body),
            Cow::Owned(body) => Body::from(body),
        })
    };
    let headers = response.headers_mut();
    for (name, value) in
        [(header::CONTENT_TYPE, HeaderValue::from_str(kind)), (header::ETAG, HeaderValue::from_str(&tag))]
    {
        if let Ok(value) = value {
            headers.insert(name, value);
        }
    }
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Mail is read on other people's pages.
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    response
}
