//! `GET /w/photo/{name}`: a member's photo, beside the name that they show people. The name in the address is a random
//! one of this very picture, so that it tells nothing and a new picture has a new one.

use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use conversations::agents;
use http_server::Result;

use super::super::visitor::Visitor;
use super::Limits;
use crate::App;

pub(super) async fn read(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    from: Visitor,
    Path(name): Path<String>,
) -> Result<Response> {
    limits.address.spend(&from, app.core.now())?;
    let (media_type, bytes) = agents::photo(&app.core, &name).await?;
    let mut response = bytes.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}
