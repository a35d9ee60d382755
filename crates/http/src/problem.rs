//! Problems as responses: `application/problem+json` (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Code, Problem};
use serde_json::json;

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a handler returns instead of its answer: a [`Problem`] that renders itself. Everything that
/// converts into a problem converts into this by `?`.
#[derive(Debug, Clone)]
pub struct Failure(pub Problem);

/// The result of handlers.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure with its code and detail.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Problem::new(code, detail))
    }

    /// There is no such thing, or not for this caller.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("no such {what}"))
    }
}

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The body of a problem. `fields` stands there only when a field is at fault.
pub fn body(problem: &Problem) -> serde_json::Value {
    let code = problem.code;
    let mut body = json!({
        "type": format!("/docs/problems#{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "code": code.as_str(),
        "detail": problem.detail,
    });
    if !problem.fields.is_empty() {
        body["fields"] = json!(problem.fields);
    }
    body
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let problem = self.0;
        if problem.code.status() >= 500 {
            tracing::warn!(code = problem.code.as_str(), detail = %problem.detail, "request failed");
        }
        let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Body::from(body(&problem).to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"barid\""));
        }
        response
    }
}

/// A body beyond the limit is refused by the framework in plain words; callers of every surface get the problem instead.
pub(crate) async fn in_our_words(response: Response) -> Response {
    let plain = response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != MEDIA_TYPE);
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !plain {
        return response;
    }
    Failure::new(Code::PayloadTooLarge, "the request is larger than may be sent here").into_response()
}
