//! `/privacy/{workspace}`: the privacy centre. Anybody asks here, without an account, what is held
//! about them, to have it corrected, erased or restricted, or objects; what they ask takes effect
//! once they followed the link that goes to the address on file. Every answer to a form is the same
//! whether the address is known or not.

mod form;
mod pack;
mod recipient;
mod status;
mod verify;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::WorkspaceId;
use privacy::requests::{Request, RequestKind};
use store::{Actor, Ctx};

use super::layout::{Page, shown};
use super::letter::{Letter, of_a_person, unknown};
use super::markup::Html;
use super::throttle::Throttle;
use super::visitor::Visitor;
use super::words::Words;
use crate::App;

pub(super) fn router() -> Router<App> {
    // Each request makes a mail; somebody helping others needs a few.
    let throttle = Extension(Throttle::new(20, 10));
    Router::new()
        .route("/privacy/{workspace}", get(page))
        .route("/privacy/{workspace}/{kind}", get(form::page).post(form::act))
        .route("/privacy/verify/{token}", get(verify::page).post(verify::act))
        .route("/privacy/status/{token}", get(status::page).post(status::act))
        .route("/privacy/status/{token}/data", get(pack::page))
        .route("/privacy/status/{token}/data.json", get(pack::document))
        .route("/privacy/recipient/{token}", get(recipient::page).post(recipient::act))
        .layer(throttle)
}

/// The centre of one workspace.
struct Centre {
    /// Acts for whoever opens the page.
    ctx: Ctx,
    organisation: String,
    /// How the workspace is called in addresses.
    slug: String,
    words: Words,
    /// The message through whose signed link the person came, if they did.
    letter: Option<Letter>,
    /// Its token.
    token: String,
}

/// A parameter of a query string, as it stands.
fn parameter<'a>(query: Option<&'a str>, name: &str) -> &'a str {
    let pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next().unwrap_or_default()
}

impl Centre {
    async fn find(app: &App, visitor: &Visitor, named: &str, token: &str) -> Result<Self> {
        let id = match named.parse::<WorkspaceId>() {
            Ok(id) => Some(id),
            Err(_) if named.len() <= 80 => accounts::workspaces::by_slug(&app.core, named).await?,
            Err(_) => None,
        };
        let workspace = match id {
            Some(id) => accounts::workspaces::find(&app.core, id).await?,
            None => None,
        };
        let workspace = workspace.ok_or_else(unknown)?;
        let letter = if token.is_empty() { None } else { of_a_person(app, visitor, token).await.ok() };
        let letter = letter.map(|found| found.0).filter(|letter| letter.ctx.workspace == workspace.id);
        let token = if letter.is_some() { token.to_owned() } else { String::new() };
        let words = visitor.words(&[], Some(&workspace.language));
        let ctx = app.core.ctx(workspace.id, Actor::Person);
        Ok(Self { ctx, organisation: workspace.name, slug: workspace.slug, words, letter, token })
    }

    fn page(&self, title: &'static str, body: Html) -> Page {
        let keep = if self.token.is_empty() { String::new() } else { format!("letter={}&", self.token) };
        Page::new(self.words, self.words.get(title), body).of(&self.organisation).keep(keep)
    }
}

/// The title of a request's form, and what it does in a sentence.
const fn texts(kind: RequestKind) -> (&'static str, &'static str) {
    match kind {
        RequestKind::Access => ("rights.access", "rights.access_text"),
        RequestKind::Portability => ("rights.portability", "rights.portability_text"),
        RequestKind::Rectification => ("rights.rectification", "rights.rectification_text"),
        RequestKind::Erasure => ("rights.erasure", "rights.erasure_text"),
        RequestKind::Restriction => ("rights.restriction", "rights.restriction_text"),
        RequestKind::Objection => ("rights.objection", "rights.objection_text"),
    }
}

async fn page(State(app): State<App>, visitor: Visitor, Path(named): Path<String>, uri: axum::http::Uri) -> Response {
    let read = async {
        let centre = Centre::find(&app, &visitor, &named, parameter(uri.query(), "letter")).await?;
        Ok(overview(&centre))
    };
    shown(visitor.words(&[], None), read.await)
}

fn overview(centre: &Centre) -> Response {
    let words = centre.words;
    let mut body = Html::new();
    body.raw("<p>").add(&words.html("rights.intro", &[("organisation", &centre.organisation)])).raw("</p>\n");
    for kind in RequestKind::ALL {
        let (title, text) = texts(*kind);
        body.raw("<section>\n<h2>").text(words.get(title)).raw("</h2>\n<p>").text(words.get(text)).raw("</p>\n");
        body.raw("<p><a class=\"button second\" href=\"/privacy/").text(&centre.slug).raw("/").text(kind.as_str());
        if !centre.token.is_empty() {
            body.raw("?letter=").text(&centre.token);
        }
        body.raw("\">").text(words.get(title)).raw("</a></p>\n</section>\n");
    }
    body.raw("<section>\n<h2>").text(words.get("rights.child_title")).raw("</h2>\n<p>");
    body.text(words.get("rights.child_text")).raw("</p>\n<p><a class=\"button second\" href=\"/privacy/");
    body.text(&centre.slug).raw("/erasure?child=yes\">").text(words.get("rights.child_button"));
    body.raw("</a></p>\n</section>\n");
    centre.page("rights.title", body).into_response()
}

/// The name, number and days of a request.
fn facts(words: Words, request: &Request) -> Html {
    let mut out = Html::new();
    out.raw("<dl><dt>").text(words.get("rights.number")).raw("</dt><dd>").code(&request.id.to_string());
    out.raw("</dd><dt>").text(words.get("rights.type")).raw("</dt><dd>").text(words.get(texts(request.kind).0));
    out.raw("</dd><dt>").text(words.get("rights.received")).raw("</dt><dd>").text(&words.day(request.received_at));
    if !request.state.is_closed() {
        out.raw("</dd><dt>").text(words.get("rights.due")).raw("</dt><dd>");
        out.text(&words.day(request.due_at.plus_micros(-1)));
    }
    out.raw("</dd></dl>\n");
    out
}
