//! `/s/{code}`: short links of text messages.
//!
//! Where one leads is kept on this server and never in the link, so nobody can borrow the redirect. The answer never waits
//! for the record of the click; a browser that says Global Privacy Control is led on, and nothing is recorded. The link
//! by which people leave shows what will happen and does nothing until its button is pressed: telephones look at links
//! before their owners do.

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use telecom::messages::{Found, find_link, follow, leave};

use super::layout::{Page, discreet, neutral, paragraph, shown};
use super::markup::Html;
use super::throttle::Throttle;
use super::track::{Hits, Observed, location};
use super::visitor::Visitor;
use super::words::Words;
use crate::App;

pub(super) fn router(hits: Hits) -> Router<App> {
    // Codes cannot be guessed; whoever tries all the same is slowed down. Whole networks share an address.
    let guesses = Throttle::new(1, 300);
    Router::new().route("/s/{code}", get(show).post(act)).layer(Extension(hits)).layer(Extension(guesses))
}

async fn show(
    State(app): State<App>,
    Extension(hits): Extension<Hits>,
    Extension(guesses): Extension<Throttle>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Response {
    let words = visitor.words(&[], None);
    shown(words, go(&app, (&hits, &guesses), visitor, &code).await)
}

async fn found(app: &App, guesses: &Throttle, visitor: &Visitor, code: &str) -> Result<Option<Found>> {
    let found = find_link(&app.core, code).await?;
    if found.is_none() {
        guesses.spend(visitor, app.core.now())?;
    }
    Ok(found)
}

async fn go(app: &App, (hits, guesses): (&Hits, &Throttle), visitor: Visitor, code: &str) -> Result<Response> {
    let Some(found) = found(app, guesses, &visitor, code).await? else {
        return Ok(neutral(visitor.words(&[], None)).into_response());
    };
    let words = visitor.words(&[Some(&found.language)], None);
    if found.leaves {
        return ask(&found, words).await;
    }
    let Some(location) = found.target.as_deref().and_then(location) else { return Ok(over(words)) };
    if !visitor.private {
        let observed = Observed { at: found.ctx.now(), visitor, click: true };
        hits.record(app, async move {
            follow(&found, observed.signals()).await?;
            Ok(())
        });
    }
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    discreet(response.headers_mut());
    Ok(response)
}

/// The link is over: its time, or what it led to.
fn over(words: Words) -> Response {
    let body = paragraph(&words.html("short.over", &[]));
    Page::new(words, words.get("short.over_title"), body).status(StatusCode::GONE).into_response()
}

async fn organisation(found: &Found) -> Result<String> {
    Ok(accounts::workspaces::get(&found.ctx).await?.name)
}

async fn ask(found: &Found, words: Words) -> Result<Response> {
    let organisation = organisation(found).await?;
    let mut body = Html::new();
    body.raw("<p>").add(&words.html("short.ask", &[("organisation", &organisation)])).raw("</p>\n");
    body.raw("<form method=\"post\"><button>").text(words.get("short.button")).raw("</button></form>\n");
    Ok(Page::new(words, words.get("short.title"), body).of(&organisation).into_response())
}

async fn act(
    State(app): State<App>,
    Extension(guesses): Extension<Throttle>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Response {
    let words = visitor.words(&[], None);
    shown(words, stop(&app, &guesses, &visitor, &code).await)
}

async fn stop(app: &App, guesses: &Throttle, visitor: &Visitor, code: &str) -> Result<Response> {
    let Some(found) = found(app, guesses, visitor, code).await?.filter(|found| found.leaves) else {
        return Ok(neutral(visitor.words(&[], None)).into_response());
    };
    let words = visitor.words(&[Some(&found.language)], None);
    let organisation = organisation(&found).await?;
    leave(&app.sms, &found, visitor.evidence("short_link")).await?;
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">");
    body.add(&words.html("short.done", &[("organisation", &organisation)])).raw("</p>\n");
    Ok(Page::new(words, words.get("short.done_title"), body).of(&organisation).into_response())
}
