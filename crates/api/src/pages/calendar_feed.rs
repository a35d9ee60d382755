//! `/book/feed/{token}.ics`: a host's time as a calendar to subscribe to. The address is the secret.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use booking::calendars;
use data_encoding::BASE64URL_NOPAD;
use http_server::Result;
use kernel::{Code, Locale, Problem};

use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/book/feed/{file}", get(show))
}

/// Arabic for programs that ask for it.
fn language(headers: &HeaderMap) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let arabic = asked.trim_start().get(..2).is_some_and(|two| two.eq_ignore_ascii_case("ar"));
    if arabic { Locale::ar() } else { Locale::en() }
}

async fn show(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Result<Response> {
    let unknown = || Problem::new(Code::NotFound, "there is no such calendar");
    let token = file.strip_suffix(".ics").ok_or_else(unknown)?;
    let text = calendars::rendered(&app.core, token, &language(&headers)).await?;
    // The instant of writing stands in every event; what changes is the rest.
    let lasting: String = text.lines().filter(|line| !line.starts_with("DTSTAMP:")).collect();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, lasting.as_bytes());
    let tag = format!("\"{}\"", BASE64URL_NOPAD.encode(&digest.as_ref()[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response =
        if known == Some(tag.as_str()) { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    out.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}
