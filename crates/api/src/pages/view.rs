//! `/p/{token}/view`: a message in a browser, as it was really sent.
//!
//! The author's HTML is served inside a sandbox of its own origin: whatever it contains cannot run,
//! send a form, or act on these pages. Nothing is tracked here.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use content::PlainLinks;
use http_server::Result;
use outbound::SentCopy;

use super::layout::{discreet, neutral, shown};
use super::letter::{self, Found};
use super::markup::Html;
use super::visitor::Visitor;
use crate::App;

const POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
);

pub(super) fn router() -> Router<App> {
    Router::new().route("/p/{token}/view", get(show))
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    shown(visitor.words(&[], None), view(&app, &visitor, &token).await)
}

async fn view(app: &App, visitor: &Visitor, token: &str) -> Result<Response> {
    let nothing = || neutral(visitor.words(&[], None)).into_response();
    let Found::Letter(letter) = letter::find(app, visitor, token).await? else { return Ok(nothing()) };
    let base = app.outbound.public_url();
    let links = PlainLinks {
        unsubscribe: format!("{base}/u/{token}"),
        preferences: format!("{base}/p/{token}"),
        view: format!("{base}/p/{token}/view"),
    };
    let Some(copy) = SentCopy::load(app.outbound.versions(), &letter.ctx, &letter.row).await? else {
        return Ok(nothing());
    };
    let Some((rendered, language)) = copy.render(&links) else { return Ok(nothing()) };
    let html = if rendered.html.is_empty() { plain(&rendered.subject, &rendered.text) } else { rendered.html };
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(language) = HeaderValue::from_str(language.as_str()) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    discreet(headers);
    Ok(response)
}

fn plain(subject: &str, text: &str) -> String {
    let mut out = Html::new();
    out.raw("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>").text(subject).raw("</title></head>");
    out.raw("<body><pre dir=\"auto\" style=\"white-space:pre-wrap\">").text(text).raw("</pre></body></html>\n");
    out.into_string()
}
