//! `/w/chat/…`: the live chat as a visitor's page speaks with it. Only pages of the widget's origins get an answer
//! (Fetch standard, CORS); no cookie is read or set. Who somebody is stands in a signed token that their page keeps;
//! nothing about them is kept here before they begin.

mod acts;
mod config;
mod feed;
mod files;
mod keys;
mod photo;
mod session;
mod stream;
mod view;
mod ws;

pub(crate) use files::{octets, part};

use std::sync::Arc;

use accounts::throttle::{Buckets, Rate};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use conversations::visitors::{self, Token};
use conversations::widgets::{self, Widget};
use http_server::{Failure, Result};
use kernel::{Code, Problem, WidgetId};
use store::Ctx;

use super::throttle::Throttle;
use super::visitor::Visitor;
use crate::App;

/// The longest body of what is no file, in octets: the longest message and what stands around it.
const LONGEST: usize = 64 * 1024;
/// How long a browser may remember who may ask, in seconds.
const PREFLIGHT: &str = "600";
/// So many visitors' limits are remembered.
const CAPACITY: usize = 100_000;

/// What one visitor, and one network address, may do.
#[derive(Clone)]
struct Limits {
    visitor: Arc<Buckets<u64>>,
    passing: Arc<Buckets<u64>>,
    address: Throttle,
    uploads: Throttle,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visitor: Arc::new(Buckets::new(Rate::one_per(1, 30), CAPACITY)),
            passing: Arc::new(Buckets::new(Rate::one_per(1, 20), CAPACITY)),
            address: Throttle::new(1, 300),
            uploads: Throttle::new(20, 30),
        }
    }
}

impl Limits {
    fn spend(&self, asked: &Known, from: &Visitor) -> Result<()> {
        let now = asked.ctx.now();
        self.address.spend(from, now)?;
        self.visitor.take(key(asked), now).map_err(|seconds| {
            Failure(Problem::new(Code::RateLimited, "too many messages; wait a moment").retry_after(seconds))
        })
    }

    /// Whether what passes (typing, what is typed) is told once more; it is said again soon, so it is dropped rather
    /// than refused, and takes nothing from what the visitor may say.
    fn lets_pass(&self, asked: &Known) -> bool {
        self.passing.take(key(asked), asked.ctx.now()).is_ok()
    }
}

/// A visitor among the limits: the random half of their id.
fn key(asked: &Known) -> u64 {
    let mut key = [0; 8];
    key.copy_from_slice(&asked.token.visitor.0[8..]);
    u64::from_be_bytes(key)
}

pub(super) fn router() -> Router<App> {
    let limits = Limits::default();
    let largest = usize::try_from(widgets::LARGEST_FILE).unwrap_or(LONGEST) + LONGEST;
    let uploads = Router::new()
        .route("/w/chat/{widget}/files", post(files::upload).options(preflight))
        .layer(DefaultBodyLimit::max(largest));
    Router::new()
        .route("/w/chat/{widget}/config", get(config::read).options(preflight))
        .route("/w/chat/{widget}/session", post(session::open).options(preflight))
        .route("/w/chat/{widget}/ticket", post(session::ticket).options(preflight))
        .route("/w/chat/{widget}/start", post(acts::start).options(preflight))
        .route("/w/chat/{widget}/events", get(acts::events).options(preflight))
        .route("/w/chat/{widget}/messages", post(acts::say).options(preflight))
        .route("/w/chat/{widget}/keys", get(keys::read).post(keys::add).options(preflight))
        .route("/w/chat/{widget}/typing", post(acts::typing).options(preflight))
        .route("/w/chat/{widget}/peek", post(acts::peek).options(preflight))
        .route("/w/chat/{widget}/seen", post(acts::seen).options(preflight))
        .route("/w/chat/{widget}/page", post(acts::page).options(preflight))
        .route("/w/chat/{widget}/consent", post(acts::consent).options(preflight))
        .route("/w/chat/{widget}/forms/{kind}", post(acts::form).options(preflight_of_two))
        .route("/w/chat/{widget}/rating", post(acts::rate).options(preflight))
        .route("/w/chat/{widget}/transcript", post(acts::transcript).options(preflight))
        .route("/w/chat/{widget}/leave", post(acts::leave).options(preflight))
        .route("/w/chat/{widget}/greeting", post(acts::greeting).options(preflight))
        .route("/w/chat/{widget}/files/{file}", get(files::download).options(preflight_of_two))
        .route("/w/chat/{widget}/stream", get(stream::open).options(preflight))
        .route("/w/chat/{widget}/ws", get(ws::open))
        .route("/w/photo/{name}", get(photo::read))
        .layer(DefaultBodyLimit::max(LONGEST))
        .merge(uploads)
        .layer(Extension(limits))
}

/// A request for a widget.
struct Asked {
    /// As the person.
    ctx: Ctx,
    widget: Widget,
}

/// A request of somebody who holds a token.
struct Known {
    ctx: Ctx,
    widget: Widget,
    token: Token,
}

fn closed() -> Failure {
    Failure::new(Code::NotFound, "there is no such chat")
}

fn wrong(field: &str, detail: &str) -> Failure {
    Failure(Problem::field(field, detail))
}

/// The widget, and the page that may read the answer, if a page asks.
async fn asked(app: &App, id: &str, headers: &HeaderMap) -> Result<(Asked, Option<HeaderValue>)> {
    let id: WidgetId = id.parse().map_err(|_| closed())?;
    let ctx = widgets::owner(&app.core, id).await?;
    let widget = widgets::get(&ctx, id).await?;
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok((Asked { ctx, widget }, None)) };
    let text = origin.to_str().unwrap_or_default();
    let own = app.toolbox.public_url().trim_end_matches('/') == text;
    if !own && !widget.settings.allows(text) {
        return Err(Failure::new(Code::Forbidden, "this site may not show the chat; add it to the widget's sites"));
    }
    if !widget.enabled {
        return Err(closed());
    }
    Ok((Asked { ctx, widget }, Some(origin.clone())))
}

/// Whoever holds the token of the request.
async fn known(app: &App, asked: Asked, headers: &HeaderMap) -> Result<Known> {
    let refused = || Failure::new(Code::Unauthenticated, "the token does not hold; begin a session");
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let text = text.and_then(|text| text.strip_prefix("Bearer ")).ok_or_else(refused)?;
    let token = visitors::read_token(&app.core, text).await?.ok_or_else(refused)?;
    belongs(&asked, token).ok_or_else(refused).map(|()| Known { ctx: asked.ctx, widget: asked.widget, token })
}

/// Whether a token is of this widget.
fn belongs(asked: &Asked, token: Token) -> Option<()> {
    (token.workspace == asked.ctx.workspace && token.widget == asked.widget.id).then_some(())
}

/// Adds what lets the page read the answer.
fn shared(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Answers a request for a widget.
async fn answer<T: IntoResponse>(
    app: &App,
    id: &str,
    headers: &HeaderMap,
    act: impl AsyncFnOnce(Asked) -> Result<T>,
) -> Response {
    match asked(app, id, headers).await {
        Ok((asked, origin)) => {
            let response = act(asked).await.map_or_else(IntoResponse::into_response, IntoResponse::into_response);
            shared(response, origin)
        }
        Err(failure) => shared(failure.into_response(), None),
    }
}

/// Answers a request of somebody who holds a token.
async fn answer_known<T: IntoResponse>(
    app: &App,
    id: &str,
    headers: &HeaderMap,
    act: impl AsyncFnOnce(Known) -> Result<T>,
) -> Response {
    answer(app, id, headers, async move |asked: Asked| act(known(app, asked, headers).await?).await).await
}

async fn allow(app: &App, id: &str, headers: &HeaderMap) -> Response {
    answer(app, id, headers, async |_: Asked| {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let out = response.headers_mut();
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        let allowed = HeaderValue::from_static("authorization, content-type, last-event-id");
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT));
        Ok(response)
    })
    .await
}

async fn preflight(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    allow(&app, &id, &headers).await
}

async fn preflight_of_two(
    State(app): State<App>,
    Path((id, _)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    allow(&app, &id, &headers).await
}
