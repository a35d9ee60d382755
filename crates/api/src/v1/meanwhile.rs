//! The problem of a change that was made against something older than what is there: it says who changed it,
//! when, and how it is now, so that the difference can be shown.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::{Code, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// What such a problem says, beside what is there now.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangedMeanwhile {
    /// Where the problem is explained.
    r#type: String,
    /// What kind of problem, in English.
    title: &'static str,
    /// 409.
    status: u16,
    /// `changed_meanwhile`.
    code: &'static str,
    /// What, where, and what to do.
    detail: String,
    /// The revision that is there now.
    revision: i64,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// `usr_…`, `key_…`, `console` or `system`: who changed it last.
    changed_by: Option<String>,
    /// Their name, when it was a member.
    changed_by_name: Option<String>,
}

impl ChangedMeanwhile {
    /// For a thing that was changed then, by somebody with a name.
    pub(super) fn new(
        what: &str,
        revision: i64,
        changed_at: Timestamp,
        (changed_by, changed_by_name): (Option<String>, Option<String>),
    ) -> Self {
        let code = Code::ChangedMeanwhile;
        Self {
            r#type: format!("/docs/problems#{}", code.as_str()),
            title: code.title(),
            status: code.status(),
            code: code.as_str(),
            detail: format!(
                "the {what} is at revision {revision} now; look at `current`, and send the change against it"
            ),
            revision,
            changed_at,
            changed_by,
            changed_by_name,
        }
    }
}

/// The answer with this body.
pub(super) fn answer(body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::CONFLICT;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(http_server::PROBLEM_JSON));
    response
}
