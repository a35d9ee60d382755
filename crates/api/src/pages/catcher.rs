//! `/catcher`: what the mail catcher holds, as its recipients would see it. Mounted only where the
//! catcher runs, that is, in the demo.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::MessageId;
use mail::catcher::{self, Captured};
use store::{Actor, Ctx};

use super::layout::{Page, neutral, shown};
use super::markup::Html;
use super::visitor::Visitor;
use crate::App;

/// The frame of a message: nothing in it runs, and it loads nothing but pictures.
const FRAME: HeaderValue = HeaderValue::from_static(
    "sandbox allow-popups; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; base-uri 'none'",
);
/// Most messages of the list.
const SHOWN: u32 = 100;

/// The catcher's pages.
pub fn router() -> Router<App> {
    Router::new().route("/catcher", get(list)).route("/catcher/{id}", get(one)).route("/catcher/{id}/html", get(frame))
}

async fn contexts(app: &App) -> Result<Vec<Ctx>> {
    let workspaces = app.core.vault.workspaces().await?;
    Ok(workspaces.into_iter().map(|workspace| app.core.ctx(workspace, Actor::Console)).collect())
}

/// Hours, minutes and seconds, UTC: what tells messages of one day apart.
fn time_of_day(at: kernel::Timestamp) -> String {
    at.to_string().get(11..19).map_or_else(String::new, |time| format!("{time} UTC"))
}

async fn list(State(app): State<App>, visitor: Visitor) -> Response {
    let words = visitor.words(&[], None);
    shown(words, listed(&app, &visitor).await)
}

async fn listed(app: &App, visitor: &Visitor) -> Result<Response> {
    let words = visitor.words(&[], None);
    let mut body = Html::new();
    let mut count = 0;
    let mut items = Html::new();
    for ctx in contexts(app).await? {
        for message in catcher::list(&ctx, None, SHOWN).await? {
            count += 1;
            items.raw("<li><a href=\"/catcher/").text(&message.id.to_string()).raw("\">").bdi(&message.subject);
            items
                .raw("</a><br><small>")
                .bdi(&message.to)
                .raw(" · ")
                .text(&words.day(message.at))
                .raw(" ")
                .code(&time_of_day(message.at))
                .raw("</small></li>\n");
        }
    }
    body.raw("<p>").text(&words.count("catcher.count", count)).raw("</p>\n<ul>\n").add(&items).raw("</ul>\n");
    Ok(Page::new(words, words.get("catcher.title"), body).into_response())
}

async fn find(app: &App, id: &str) -> Result<Option<Captured>> {
    let Ok(id) = id.parse::<MessageId>() else { return Ok(None) };
    for ctx in contexts(app).await? {
        if let Some(found) = catcher::get(&ctx, id).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn one(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let words = visitor.words(&[], None);
    shown(words, whole(&app, &visitor, &id).await)
}

async fn whole(app: &App, visitor: &Visitor, id: &str) -> Result<Response> {
    let words = visitor.words(&[], None);
    let Some(message) = find(app, id).await? else { return Ok(neutral(words).into_response()) };
    let mut body = Html::new();
    body.raw("<p><a href=\"/catcher\">").text(words.get("catcher.back")).raw("</a></p>\n<dl>");
    for (label, value) in [("catcher.from", &message.head.from), ("catcher.to", &message.head.to)] {
        body.raw("<dt>").text(words.get(label)).raw("</dt><dd>").bdi(value).raw("</dd>");
    }
    body.raw("</dl>\n<iframe sandbox=\"allow-popups\" src=\"/catcher/").text(id).raw("/html\" title=\"");
    body.text(&message.head.subject).raw("\"></iframe>\n<details><summary>").text(words.get("catcher.text"));
    body.raw("</summary><pre dir=\"auto\">").text(message.text.as_deref().unwrap_or_default());
    body.raw("</pre></details>\n<details><summary>").text(words.get("catcher.headers"));
    body.raw("</summary><pre dir=\"ltr\">").text(&message.headers).raw("</pre></details>\n");
    Ok(Page::new(words, message.head.subject, body).framing().into_response())
}

async fn frame(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let words = visitor.words(&[], None);
    let answer = find(&app, &id).await.map(|found| {
        let html = found.and_then(|message| message.html).unwrap_or_default();
        let mut response = axum::response::Html(html).into_response();
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FRAME);
        response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        response
    });
    shown(words, answer)
}
