//! `/p/{token}/forget`: erasure. The page explains, its button asks once more, and only the second
//! button, whose mark is minutes old, acts.

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::Timestamp;
use people::contacts;
use people::requests::settled;
use privacy::erasure::Certificate;
use privacy::requests::{Outcome, RequestKind};

use super::super::layout::{Page, shown};
use super::super::letter::{Letter, of_a_person};
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use crate::App;

const LABEL: &str = "forget me";
/// Seconds for which the second button works.
const LIFE: i64 = 15 * 60;

/// The first page.
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let answer = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        Ok(explain(&letter, &token))
    };
    shown(visitor.words(&[], None), answer.await)
}

fn explain(letter: &Letter, token: &str) -> Response {
    let words = letter.words;
    let mut body = Html::new();
    body.raw("<p>").add(&words.html("forget.text", &[("organisation", &letter.organisation)])).raw("</p>\n<p>");
    body.text(words.get("forget.kept")).raw("</p>\n<form method=\"post\"><div class=\"row\"><button class=\"danger\">");
    body.text(words.get("forget.button")).raw("</button>").add(&back(letter, token)).raw("</div></form>\n");
    Page::new(words, words.get("forget.title"), body).of(&letter.organisation).into_response()
}

fn back(letter: &Letter, token: &str) -> Html {
    let mut out = Html::new();
    out.raw("<a class=\"button second\" href=\"/p/").text(token).raw("\">");
    out.text(letter.words.get("forget.back")).raw("</a>");
    out
}

/// The second page, or the deed.
pub(super) async fn act(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let answer = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        throttle.spend(&visitor, app.core.now())?;
        if !is_confirmed(&letter, posted.get("confirm")).await? {
            return ask(&letter, &token).await;
        }
        let certificate = contacts::erase(&letter.ctx, app.outbound.gate(), letter.contact).await?;
        app.live.forget(letter.ctx.workspace, letter.contact);
        let outcome = Outcome::Certificate(serde_json::to_value(&certificate).unwrap_or_default());
        settled(&letter.ctx, letter.contact, RequestKind::Erasure, &outcome).await?;
        Ok(done(&letter, &certificate))
    };
    shown(visitor.words(&[], None), answer.await)
}

fn payload(letter: &Letter, at: Timestamp) -> Vec<u8> {
    let mut payload = letter.ctx.workspace.0.to_vec();
    payload.extend_from_slice(&letter.contact.0);
    payload.extend_from_slice(&at.0.to_be_bytes());
    payload
}

async fn is_confirmed(letter: &Letter, mark: &str) -> Result<bool> {
    if mark.is_empty() || mark.len() > 200 {
        return Ok(false);
    }
    let Some(read) = letter.ctx.keys().await?.verify(LABEL, mark) else { return Ok(false) };
    let Some(at) = read.get(32..40).and_then(|at| <[u8; 8]>::try_from(at).ok()) else { return Ok(false) };
    let at = Timestamp(i64::from_be_bytes(at));
    Ok(read == payload(letter, at) && letter.ctx.now() < at.plus_seconds(LIFE))
}

async fn ask(letter: &Letter, token: &str) -> Result<Response> {
    let words = letter.words;
    let mark = letter.ctx.keys().await?.sign(LABEL, &payload(letter, letter.ctx.now()));
    let mut body = Html::new();
    body.raw("<p>").text(words.get("forget.sure")).raw("</p>\n<form method=\"post\">").hidden("confirm", &mark);
    body.raw("<div class=\"row\"><button class=\"danger\">").text(words.get("forget.sure_button")).raw("</button>");
    body.add(&back(letter, token)).raw("</div></form>\n");
    Ok(Page::new(words, words.get("forget.sure_title"), body).of(&letter.organisation).into_response())
}

fn done(letter: &Letter, certificate: &Certificate) -> Response {
    let words = letter.words;
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">");
    body.add(&words.html("forget.done", &[("organisation", &letter.organisation)])).raw("</p>\n");
    body.raw("<p>").text(words.get("forget.note")).raw("</p>\n");
    if certificate.is_partial() {
        body.raw("<p class=\"note\">").text(words.get("forget.held")).raw("</p>\n");
    }
    body.raw("<section>\n<h2>");
    body.text(words.get("forget.certificate")).raw("</h2>\n<dl><dt>").text(words.get("forget.number"));
    body.raw("</dt><dd>").code(&certificate.id.to_string()).raw("</dd><dt>").text(words.get("forget.when"));
    body.raw("</dt><dd>").code(&certificate.completed_at.to_string()).raw("</dd></dl>\n<p></p><details><summary>");
    body.text(words.get("forget.whole")).raw("</summary><pre dir=\"ltr\" tabindex=\"0\">");
    body.text(&serde_json::to_string_pretty(certificate).unwrap_or_default()).raw("</pre></details>\n</section>\n");
    Page::new(words, words.get("forget.done_title"), body).of(&letter.organisation).into_response()
}
