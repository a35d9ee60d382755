//! `/p/confirm/{token}`: the second step of a double opt-in. GET shows, POST confirms; a link that
//! is too old says so and offers a new one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::{Clock, Code, Timestamp, TopicId};
use people::contacts::{self, Draft, Origin, Standard};
use people::subscribe::{self, Invitation, Subscribe};
use privacy::provenance::Method;
use store::{Actor, Core, Ctx};

use super::layout::{Page, neutral, paragraph, shown};
use super::letter::unknown;
use super::markup::Html;
use super::posted::Posted;
use super::signal::heed;
use super::visitor::Visitor;
use super::words::{Language, Words};
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/p/confirm/{token}", get(show).post(act))
}

/// A genuine link, whatever its age.
struct Asked {
    ctx: Ctx,
    invitation: Invitation,
    topic: TopicId,
    /// The names of all topics that the link confirms.
    topics: String,
    person: contacts::Loaded,
    organisation: String,
    words: Words,
}

impl Asked {
    /// The words beside the button, kept as evidence.
    fn wording(&self) -> String {
        self.words.line("confirm.wording", &self.names())
    }

    fn names(&self) -> [(&'static str, &str); 2] {
        [("topic", self.topics.as_str()), ("organisation", self.organisation.as_str())]
    }

    fn is_old(&self) -> bool {
        self.ctx.now() >= self.invitation.requested_at.plus_seconds(subscribe::LIFE)
    }
}

/// Before every link: reads the signature of links that are too old by now.
struct Dawn;

impl Clock for Dawn {
    fn now(&self) -> Timestamp {
        Timestamp(i64::MIN / 2)
    }
}

async fn find(app: &App, visitor: &Visitor, token: &str) -> Result<Asked> {
    let ageless = Core { clock: Arc::new(Dawn), ..app.core.clone() };
    let invitation = subscribe::read(&ageless, token).await?.ok_or_else(unknown)?;
    let ctx = app.core.ctx(invitation.workspace, Actor::Person);
    let person = contacts::get_many(&ctx, people::ReadFor::OwnPage, &[invitation.contact])
        .await?
        .pop()
        .flatten()
        .ok_or_else(unknown)?;
    let names: Vec<String> = subscribe::invited(&ctx, &invitation).await?.into_iter().map(|topic| topic.name).collect();
    let workspace = accounts::workspaces::get(&ctx).await?;
    let words = visitor.words(&[person.profile.value(Standard::Language)], Some(&workspace.language));
    let topics = names.join(if words.0 == Language::Arabic { "، " } else { ", " });
    let topic = invitation.topic;
    Ok(Asked { ctx, invitation, topic, topics, person, organisation: workspace.name, words })
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let words = visitor.words(&[], None);
    let asked = match find(&app, &visitor, &token).await {
        Ok(asked) => asked,
        Err(failure) => return shown(words, Err(failure)),
    };
    if asked.is_old() {
        return expired(&asked);
    }
    let mut body = Html::new();
    body.raw("<p>").text(&asked.wording()).raw("</p>\n<form method=\"post\"><button>");
    body.text(asked.words.get("confirm.button")).raw("</button></form>\n<p class=\"soft\">");
    body.text(asked.words.get("confirm.ignore")).raw("</p>\n");
    Page::new(asked.words, asked.words.get("confirm.title"), body).of(&asked.organisation).into_response()
}

/// The page of a link that does not work any more, with the way to a new one.
fn expired(asked: &Asked) -> Response {
    let words = asked.words;
    let mut body = paragraph(&words.html("confirm.expired", &asked.names()));
    body.raw("<form method=\"post\">").hidden("action", "again").raw("<button>");
    body.text(words.get("confirm.again_button")).raw("</button></form>\n");
    let page = Page::new(words, words.get("confirm.expired_title"), body).of(&asked.organisation);
    page.status(StatusCode::GONE).into_response()
}

async fn act(State(app): State<App>, visitor: Visitor, Path(token): Path<String>, posted: Posted) -> Response {
    let words = visitor.words(&[], None);
    let again = posted.get("action") == "again";
    match find(&app, &visitor, &token).await {
        Ok(asked) if again => shown(asked.words, ask_again(&visitor, &asked).await),
        Ok(asked) => shown(asked.words, confirm(&app, &visitor, &asked, &token).await),
        Err(_) if again => neutral(words).into_response(),
        Err(failure) => shown(words, Err(failure)),
    }
}

async fn confirm(app: &App, visitor: &Visitor, asked: &Asked, token: &str) -> Result<Response> {
    match subscribe::confirm(&app.core, token, &visitor.proof(asked.wording())).await {
        Ok(_) => {}
        Err(error) if error.problem().code == Code::Gone => return Ok(expired(asked)),
        Err(error) => return Err(error.into()),
    }
    heed(visitor, &asked.ctx, asked.invitation.contact, "confirmation page").await?;
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">").add(&asked.words.html("confirm.done", &asked.names()));
    body.raw("</p>\n<p class=\"soft\">").text(asked.words.get("confirm.leave")).raw("</p>\n");
    Ok(Page::new(asked.words, asked.words.get("confirm.done_title"), body).of(&asked.organisation).into_response())
}

async fn ask_again(visitor: &Visitor, asked: &Asked) -> Result<Response> {
    let profile = &asked.person.profile;
    let draft = Draft { emails: profile.email().cloned().into_iter().collect(), ..Draft::default() };
    let origin = Origin { method: Method::Form, source: "confirmation page".to_owned() };
    let proof = visitor.proof(asked.words.line("confirm.expired", &asked.names()));
    subscribe::subscribe(&asked.ctx, Subscribe { draft, topic: asked.topic, origin, proof }).await?;
    let body = paragraph(&asked.words.html("confirm.sent_again", &asked.names()));
    let page = Page::new(asked.words, asked.words.get("confirm.sent_again_title"), body);
    Ok(page.of(&asked.organisation).into_response())
}
