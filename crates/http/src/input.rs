//! What a request brings: JSON bodies, query strings, path parameters. A wrong one is a problem that
//! names the field and the reason, and never repeats the value.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{Failure, Result};

/// The most of a reason that is passed on, in characters.
const MAX_REASON: usize = 300;

/// A JSON body; also a JSON response. Types decide with `deny_unknown_fields` whether they accept
/// fields they do not know.
#[derive(Debug, Clone, Copy)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Failure::new(Code::UnsupportedMediaType, "send the body as application/json"));
        }
        let bytes = bytes(request, state).await?;
        parse_json(&bytes).map(Self).map_err(Failure)
    }
}

impl<T: Serialize> IntoResponse for JsonBody<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The body as it came, within the route's limit.
pub(crate) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Failure::new(Code::PayloadTooLarge, "the body is larger than this route takes")
        } else {
            Failure::new(Code::MalformedBody, "the body did not arrive whole")
        }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads a JSON document. Syntax errors name line and column, wrong values their path.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => field_problem(&path, &error.to_string()),
            Category::Io | Category::Syntax | Category::Eof => syntax_problem(&error),
        }
    })?;
    reader.end().map_err(|error| syntax_problem(&error))?;
    Ok(value)
}

fn syntax_problem(error: &serde_json::Error) -> Problem {
    let detail = match (error.classify(), error.line()) {
        (Category::Eof, _) => "the JSON document ends too early".to_owned(),
        (_, line) => format!("not valid JSON at line {line}, column {}", error.column()),
    };
    Problem::new(Code::MalformedBody, detail)
}

/// Between the first pair of back-ticks.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

fn inside(path: &str, field: &str) -> String {
    match path {
        "." | "?" | "" => field.to_owned(),
        path if path == field || path.ends_with(&format!(".{field}")) => path.to_owned(),
        path => format!("{}.{field}", path.trim_end_matches(".?")),
    }
}

/// Turns what a deserialiser says into field and reason. Its texts quote the value they met; only
/// what was expected is passed on.
fn field_problem(path: &str, message: &str) -> Problem {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    let plain = if path == "." || path.is_empty() { "body" } else { path };
    if let Some(rest) = message.strip_prefix("missing field ") {
        return Problem::field(
            inside(path, quoted(rest).unwrap_or_else(|| quoted(message).unwrap_or("?"))),
            "is required",
        );
    }
    if message.starts_with("unknown field ") {
        let field: String = quoted(message).unwrap_or("?").chars().take(60).collect();
        return Problem::field(inside(path, &field), "is not a field of this request");
    }
    if message.starts_with("duplicate field ") {
        return Problem::field(inside(path, quoted(message).unwrap_or("?")), "is given twice");
    }
    let quotes_value = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    let reason = match message.rsplit_once(", expected ") {
        Some((_, expected)) if quotes_value.iter().any(|start| message.starts_with(start)) => {
            // Names of Rust types are nobody's business.
            let expected = if expected.starts_with("struct ") { "an object" } else { expected };
            format!("expected {expected}")
        }
        _ if quotes_value.iter().any(|start| message.starts_with(start)) => "is not acceptable".to_owned(),
        _ => message.to_owned(),
    };
    Problem::field(plain, reason.chars().take(MAX_REASON).collect::<String>())
}

/// The query string.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| {
            let text = rejection.body_text();
            let text = text.split_once("query string: ").map_or(text.as_str(), |(_, rest)| rest);
            let (path, message) = match text.split_once(": ") {
                Some((path, message)) if !path.contains(' ') => (path, message),
                _ => ("query", text),
            };
            let path =
                if message.starts_with("missing field") || message.starts_with("unknown field") { "" } else { path };
            Failure(field_problem(path, message))
        })
    }
}

/// Path parameters: one value, a tuple, or a struct by name. A malformed id is no id of anything, so
/// it answers "not found".
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(Failure::new(Code::Internal, "the route has no such parameter"))
            }
            Err(_) => Err(Failure::not_found("thing (the id in the path is malformed)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct Inner {
        email: String,
        size: Option<u32>,
        kind: Option<Kind>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Small,
        Large,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct Outer {
        from: Inner,
        #[serde(default)]
        rows: Vec<Inner>,
    }

    fn wrong(text: &str) -> (String, String) {
        let problem = parse_json::<Outer>(text.as_bytes()).unwrap_err();
        assert_eq!(problem.code, Code::InvalidInput, "{problem:?}");
        let field = problem.fields.into_iter().next().unwrap();
        (field.field, field.detail)
    }

    fn pair(field: &str, detail: &str) -> (String, String) {
        (field.to_owned(), detail.to_owned())
    }

    #[test]
    fn wrong_fields_are_named_and_values_are_not_repeated() {
        assert_eq!(wrong("{}"), pair("from", "is required"));
        assert_eq!(wrong(r#"{"from":{}}"#), pair("from.email", "is required"));
        assert_eq!(wrong(r#"{"from":{"email":7}}"#), pair("from.email", "expected a string"));
        assert_eq!(wrong(r#"{"from":{"email":"a","size":"lina@example.com"}}"#), pair("from.size", "expected u32"));
        assert_eq!(wrong(r#"{"from":{"email":"a","size":-1}}"#), pair("from.size", "expected u32"));
        assert_eq!(
            wrong(r#"{"from":{"email":"a"},"rows":[{"email":"a"},{"email":"b","kind":"lina@example.com"}]}"#),
            pair("rows[1].kind", "expected `small` or `large`")
        );
        assert_eq!(
            wrong(r#"{"from":{"email":"a","colour":"red"}}"#),
            pair("from.colour", "is not a field of this request")
        );
        assert_eq!(wrong(r#"{"more":1}"#), pair("more", "is not a field of this request"));
        assert_eq!(wrong(r#"{"from":{"email":"a","email":"b"}}"#).1, "is given twice");
        assert_eq!(wrong("[1]"), pair("[0]", "expected an object"));
        assert_eq!(wrong("\"lina@example.com\""), pair("body", "expected an object"));
    }

    proptest::proptest! {
        #[test]
        fn a_wrong_value_never_shows_in_the_problem(value in "[A-Z]{12}", place in 0..4_usize) {
            let text = match place {
                0 => format!(r#"{{"from":"{value}"}}"#),
                1 => format!(r#"{{"from":{{"email":"a","size":"{value}"}}}}"#),
                2 => format!(r#"{{"from":{{"email":"a","kind":"{value}"}}}}"#),
                _ => format!(r#"{{"from":{{"email":"a"}},"rows":"{value}"}}"#),
            };
            let problem = parse_json::<Outer>(text.as_bytes()).unwrap_err();
            let shown = format!("{problem:?}");
            proptest::prop_assert!(!shown.contains(&value));
        }

        #[test]
        fn no_bytes_upset_the_reader(bytes: Vec<u8>) {
            let _ = parse_json::<Outer>(&bytes);
        }
    }

    #[test]
    fn broken_documents_say_where() {
        for text in ["", "{", "{\"from\":}", "{} {}", "\u{1}", &"[".repeat(10_000)] {
            let problem = parse_json::<serde_json::Value>(text.as_bytes()).unwrap_err();
            assert_eq!(problem.code, Code::MalformedBody, "{text}");
        }
        assert!(parse_json::<Outer>(b"{\"from\":{\"email\":\"\xff\"}}").is_err());
    }
}
