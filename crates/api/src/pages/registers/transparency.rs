use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http_server::{JsonBody, Result};
use privacy::authority;
use serde_json::json;

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::{row, say, workspace};
use crate::App;

/// `GET /privacy/{workspace}/transparency`: how many requests of public authorities there were.
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(name): Path<String>) -> Response {
    let answer = async {
        let (ctx, found) = workspace(&app, &name).await?;
        let words = visitor.words(&[], Some(&found.language));
        let years = authority::transparency(&ctx).await?;
        let label = |key: &str| say(words, &format!("page.transparency.{key}"), &[]);
        let mut body = Html::new();
        body.raw("<p>").text(&label("intro")).raw("</p>\n");
        if years.is_empty() {
            body.raw("<p>").text(&label("none")).raw("</p>\n");
        }
        for (year, count) in years.iter().rev() {
            body.raw("<section><h2>").text(&year.to_string()).raw("</h2>\n<dl>\n");
            for (key, figure) in [
                ("received", count.received),
                ("answered", count.answered),
                ("refused", count.refused),
                ("people", count.people),
            ] {
                row(&mut body, &label(key), &figure.to_string());
            }
            body.raw("</dl></section>\n");
        }
        let title = say(words, "page.transparency", &[]);
        Ok(Page::new(words, title, body).of(&found.name).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

/// `GET /privacy/{workspace}/transparency.json`
pub(super) async fn feed(State(app): State<App>, Path(name): Path<String>) -> Result<JsonBody<serde_json::Value>> {
    let (ctx, found) = workspace(&app, &name).await?;
    let years = authority::transparency(&ctx).await?;
    let years: Vec<_> = years
        .iter()
        .map(|(year, count)| {
            json!({ "year": year, "received": count.received, "answered": count.answered, "refused": count.refused,
                "people": count.people })
        })
        .collect();
    Ok(JsonBody(json!({ "organisation": found.name, "years": years })))
}
