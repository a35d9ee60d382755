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
    "sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
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
        base: base.to_owned(),
    };
    let Some(copy) = SentCopy::load(app.outbound.versions(), &letter.ctx, &letter.row).await? else {
        return Ok(nothing());
    };
    let Some((rendered, language)) = copy.render(&links) else { return Ok(nothing()) };
    let html = if rendered.html.is_empty() {
        plain(&rendered.subject, &rendered.text)
    } else {
        headed(rendered.html, &rendered.subject)
    };
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

/// The message with what a page of its own needs and mail does not: a title, and a width for telephones.
fn headed(html: String, subject: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut extra = Html::new();
    if !lower.contains("<title") {
        extra.raw("<title>").text(subject).raw("</title>");
    }
    if !lower.contains("name=\"viewport\"") {
        extra.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    }
    let after = |tag: &str| {
        let start = lower.match_indices(tag).map(|(at, _)| at + tag.len()).find(|end| {
            // `<head>` and `<head lang=…>`, but not `<header>`.
            lower[*end..].starts_with(['>', ' ', '\t', '\r', '\n'])
        })?;
        lower[start..].find('>').map(|end| start + end + 1)
    };
    let extra = extra.into_string();
    match (after("<head"), after("<html")) {
        (Some(at), _) => [&html[..at], &extra, &html[at..]].concat(),
        (None, Some(at)) => [&html[..at], "<head>", &extra, "</head>", &html[at..]].concat(),
        (None, None) => ["<!doctype html>\n<html><head>", &extra, "</head>", &html, "</html>"].concat(),
    }
}

fn plain(subject: &str, text: &str) -> String {
    let mut out = Html::new();
    out.raw("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>").text(subject).raw("</title></head>");
    out.raw("<body><pre dir=\"auto\" style=\"white-space:pre-wrap\">").text(text).raw("</pre></body></html>\n");
    out.into_string()
}

#[cfg(test)]
mod tests {
    use super::headed;

    #[test]
    fn a_message_becomes_a_page_with_a_title() {
        let meta = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";
        let added = format!("<title>A &lt;b&gt;</title>{meta}");
        for (html, expected) in [
            (
                "<html lang=\"en\"><HEAD\n><style></style></HEAD><body>",
                format!("<html lang=\"en\"><HEAD\n>{added}<style></style></HEAD><body>"),
            ),
            ("<html><body><header>x</header>", format!("<html><head>{added}</head><body><header>x</header>")),
            ("<p>x</p>", format!("<!doctype html>\n<html><head>{added}</head><p>x</p></html>")),
            ("<html><head><title>B</title></head>", format!("<html><head>{meta}<title>B</title></head>")),
        ] {
            assert_eq!(headed(html.to_owned(), "A <b>"), expected);
        }
    }
}
