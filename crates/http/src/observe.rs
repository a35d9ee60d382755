//! Around every request: an id, a span and metrics that name the route's template and never the path,
//! headers that browsers need told, and panics turned into problems.

use std::panic::AssertUnwindSafe;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use futures_util::FutureExt;
use kernel::Code;
use tracing::Instrument;

use crate::calls::Begun;
use crate::serve::Encrypted;
use crate::{Failure, Toolbox, metrics};

/// The header that carries the request's id in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id, for handlers that pass it on.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Sent unless the handler chose another value.
static HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

pub(crate) async fn around(State(toolbox): State<Toolbox>, mut request: Request, next: Next) -> Response {
    let mut random = [0; 10];
    toolbox.core().rng.fill(&mut random);
    let id = HEXLOWER.encode(&random);
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let encrypted = toolbox.secure() || request.extensions().get::<Encrypted>().is_some();
    request.extensions_mut().insert(RequestId(id.clone()));
    let begun = Begun::new(&toolbox, &mut request);

    let started = toolbox.core().now();
    let span = tracing::info_span!("request", id, method, route);
    let mut response = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(span.clone())
        .await
        .unwrap_or_else(|_| Failure::new(Code::Internal, "the handler of this request failed").into_response());

    explain(&mut response);
    let micros = (toolbox.core().now().0 - started.0).max(0);
    let status = response.status();
    span.in_scope(|| tracing::info!(status = status.as_u16(), micros, "answered"));
    let class = ["1xx", "2xx", "3xx", "4xx", "5xx"][usize::from((status.as_u16() / 100).clamp(1, 5) - 1)];
    let registry = toolbox.metrics();
    let labels = [("method", method), ("route", route.as_str()), ("status", class)];
    registry.counter("barid_http_requests_total", "Requests answered.").with(&labels).inc();
    registry
        .histogram("barid_http_request_seconds", "Time until the answer began.", metrics::REQUEST_SECONDS)
        .with(&labels[..2])
        .observe(micros as f64 / 1e6);
    begun.answered(&toolbox, format!("{method} {route}"), (&response, micros));
    complete(response.headers_mut(), &id, encrypted);
    response
}

/// The router's own refusals have no body: they get the one that problems have.
fn explain(response: &mut Response) {
    let code = match response.status() {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        _ => return,
    };
    if response.headers().contains_key(header::CONTENT_TYPE) || response.body().size_hint().exact() != Some(0) {
        return;
    }
    let detail = match code {
        Code::NotFound => "no such page or endpoint",
        _ => "this endpoint has other methods; Allow names them",
    };
    let allow = response.headers_mut().remove(header::ALLOW);
    *response = Failure::new(code, detail).into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
}

fn complete(headers: &mut HeaderMap, id: &str, encrypted: bool) {
    for (name, value) in &HEADERS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if encrypted {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
