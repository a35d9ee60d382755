//! `/u/{token}`: List-Unsubscribe (RFC 2369) and its one-click form (RFC 8058).
//!
//! GET shows what will happen and does nothing: link scanners follow every link. POST acts at once,
//! without cookies, sign-in or redirect, and answers when the gate has stopped every message in
//! reach.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use outbound::incoming::{Asked, unsubscribed};
use people::segments::conditions::TopicState;
use people::{ReadFor, contacts};
use privacy::suppression::{self, Reason};
use privacy::vocabulary::{BasisKind, Purpose};

use super::layout::{Page, neutral, shown};
use super::letter::{Found, Letter, find};
use super::markup::Html;
use super::posted::Posted;
use super::signal::heed;
use super::visitor::Visitor;
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/u/{token}", get(show).post(act))
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    shown(visitor.words(&[], None), page(&app, &visitor, &token).await)
}

async fn page(app: &App, visitor: &Visitor, token: &str) -> Result<Response> {
    let Found::Letter(letter) = find(app, visitor, token).await? else {
        return Ok(neutral(visitor.words(&[], None)).into_response());
    };
    let Letter { words, organisation, topic, .. } = &*letter;
    let mut body = Html::new();
    match (left(&letter).await?, topic) {
        (Left::Everything, _) => {
            body.raw("<p class=\"note good\">").add(&words.html("unsubscribe.left_everything", &names_of(&letter)));
            body.raw("</p>\n").add(&more(&letter, token));
            return Ok(Page::new(*words, words.get("unsubscribe.left_title"), body).of(organisation).into_response());
        }
        (Left::Topic, Some(topic)) => {
            let names = [("topic", topic.name.as_str()), ("organisation", organisation)];
            body.raw("<p class=\"note good\">").add(&words.html("unsubscribe.left_topic", &names)).raw("</p>\n");
            body.add(&everything(&letter)).add(&more(&letter, token));
            return Ok(Page::new(*words, words.get("unsubscribe.left_title"), body).of(organisation).into_response());
        }
        _ => {}
    }
    if is_prospect(&letter) {
        body.raw("<p>").add(&words.html("unsubscribe.ask_prospect", &[("organisation", organisation)])).raw("</p>\n");
        body.add(&form(&letter, "everything", "unsubscribe.everything_button", true));
    } else if let Some(topic) = topic {
        let names = [("topic", topic.name.as_str()), ("organisation", organisation)];
        body.raw("<p>").add(&words.html("unsubscribe.ask_topic", &names)).raw("</p>\n");
        body.add(&form(&letter, "topic", "unsubscribe.topic_button", true));
        body.add(&everything(&letter));
    } else {
        body.raw("<p>").add(&words.html("unsubscribe.ask_everything", &names_of(&letter))).raw("</p>\n");
        body.add(&form(&letter, "everything", "unsubscribe.everything_button", true));
    }
    body.add(&more(&letter, token));
    Ok(Page::new(*words, words.get("unsubscribe.title"), body).of(organisation).into_response())
}

async fn act(State(app): State<App>, visitor: Visitor, Path(token): Path<String>, posted: Posted) -> Response {
    shown(visitor.words(&[], None), leave(&app, &visitor, &token, &posted).await)
}

async fn leave(app: &App, visitor: &Visitor, token: &str, posted: &Posted) -> Result<Response> {
    let letter = match find(app, visitor, token).await? {
        Found::Letter(letter) => letter,
        Found::Forged => return Ok(neutral(visitor.words(&[], None)).into_response()),
        // The wish is fulfilled already, whatever it was: a second one-click succeeds, too.
        Found::Gone => {
            let page = neutral(visitor.words(&[], None)).status(axum::http::StatusCode::OK);
            return Ok(page.into_response());
        }
    };
    let asked = if posted.get("scope") == "everything" { Asked::Everything } else { Asked::ThisTopic };
    let method = if posted.has("scope") { "page" } else { "one_click" };
    unsubscribed(&letter.ctx, app.outbound.gate(), letter.row.id, asked, visitor.evidence(method)).await?;
    // Leaving on legitimate interest erases the person; nothing more is recorded about them then.
    if letter.person.is_some() && !is_prospect(&letter) {
        heed(visitor, &letter.ctx, letter.contact, "unsubscribe page").await?;
    }

    let Letter { words, organisation, topic, .. } = &*letter;
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">");
    match topic {
        Some(topic) if asked == Asked::ThisTopic && !is_prospect(&letter) => {
            let names = [("topic", topic.name.as_str()), ("organisation", organisation)];
            body.add(&words.html("unsubscribe.done_topic", &names)).raw("</p>\n").add(&everything(&letter));
        }
        _ => {
            body.add(&words.html("unsubscribe.done_everything", &names_of(&letter))).raw("</p>\n");
        }
    }
    body.add(&more(&letter, token));
    Ok(Page::new(*words, words.get("unsubscribe.done_title"), body).of(organisation).into_response())
}

/// How far somebody has left already.
enum Left {
    Nothing,
    Topic,
    Everything,
}

async fn left(letter: &Letter) -> Result<Left> {
    let ctx = &letter.ctx;
    let hash = suppression::subject_hash(ctx.keys().await?.as_ref(), letter.contact);
    let blocks = suppression::check(ctx, &[hash]).await?.pop().unwrap_or_default();
    if blocks.iter().any(|block| matches!(block.reason, Reason::Complaint | Reason::Objection | Reason::UnsubscribeAll))
    {
        return Ok(Left::Everything);
    }
    let (Some(_), Some(topic)) = (&letter.person, &letter.topic) else { return Ok(Left::Nothing) };
    let person = contacts::get(ctx, ReadFor::OwnPage, letter.contact).await?;
    let gone = person.topics.iter().any(|known| known.topic == topic.id && known.state == TopicState::Unsubscribed);
    Ok(if gone { Left::Topic } else { Left::Nothing })
}

/// Mail on legitimate interest: any opt-out ends everything.
fn is_prospect(letter: &Letter) -> bool {
    letter.row.basis == BasisKind::LegitimateInterest.as_str()
}

fn names_of(letter: &Letter) -> [(&'static str, &str); 1] {
    [("organisation", letter.organisation.as_str())]
}

/// The offer to leave everything, beside leaving one topic.
fn everything(letter: &Letter) -> Html {
    let mut out = Html::new();
    if letter.row.purpose == Purpose::MARKETING.as_str() {
        let words = letter.words;
        out.raw("<section>\n<h2>").text(words.get("unsubscribe.everything_title")).raw("</h2>\n<p>");
        out.add(&words.html("unsubscribe.everything_text", &names_of(letter))).raw("</p>\n");
        out.add(&form(letter, "everything", "unsubscribe.everything_button", false)).raw("</section>\n");
    }
    out
}

fn form(letter: &Letter, scope: &'static str, button: &'static str, first: bool) -> Html {
    let mut out = Html::new();
    out.raw("<form method=\"post\">").hidden("scope", scope);
    out.raw(if first { "<button>" } else { "<button class=\"second\">" });
    out.text(letter.words.get(button)).raw("</button></form>\n");
    out
}

/// The way to the preference centre, for people (not for members who got a test).
fn more(letter: &Letter, token: &str) -> Html {
    let mut out = Html::new();
    if letter.person.is_some() {
        out.raw("<p class=\"soft\"><a href=\"/p/").text(token).raw("\">");
        out.text(letter.words.get("unsubscribe.preferences")).raw("</a></p>\n");
    }
    out
}
