//! `/w/forms/{workspace}/{form}`: what the script on somebody else's page asks and sends. Only pages of the
//! form's origins get an answer (Fetch standard, CORS); no cookie is read or set.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_server::{Asset, Failure, Keep, Result, parse_json};
use kernel::Code;
use people::forms::{self, Form, Submission, Success};
use serde::{Deserialize, Serialize};
use store::Ctx;

use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use super::mark::{self, Shown};
use super::open::{Open, allowed, named};
use super::submit::{Outcome, receive};
use super::view::view;
use crate::App;

/// How long a browser may remember who may ask, in seconds.
const PREFLIGHT: &str = "600";
/// The longest value of a field, in octets.
const LONGEST: usize = 16 * 1024;

/// Limits how many views one address counts.
#[derive(Clone)]
pub(super) struct Views(pub(super) Throttle);

type Names = Path<(String, String)>;

/// The form, and the page that may read the answer, if a page asks.
async fn asked(
    app: &App,
    (workspace, form): (&str, &str),
    headers: &HeaderMap,
) -> Result<((Ctx, Form), Option<HeaderValue>)> {
    let (ctx, form) = named(app, workspace, form).await?;
    let origin = allowed(app, &form, headers.get(header::ORIGIN))?;
    Ok(((ctx, form), origin))
}

/// Adds what lets the page read the answer.
fn shared(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(header::VARY, HeaderValue::from_static("origin, accept-language"));
    response
}

pub(super) async fn describe(
    State(app): State<App>,
    visitor: Visitor,
    Path((workspace, form)): Names,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let (form, origin) = asked(&app, (&workspace, &form), &headers).await?;
        let open = Open::load(&app, form, &visitor).await?;
        let text = serde_json::to_string(&view(&open)).map_err(|_| Failure::new(Code::Internal, "the form"))?;
        let asset = Asset::new(text, "application/json", Keep::Ask);
        Ok::<_, Failure>(shared(asset.respond(&method, &headers), origin))
    };
    answer.await.unwrap_or_else(|failure| shared(failure.into_response(), None))
}

/// Tells a browser whether the page may send JSON.
pub(super) async fn preflight(State(app): State<App>, Path((workspace, form)): Names, headers: HeaderMap) -> Response {
    let answer = async {
        let (_, origin) = asked(&app, (&workspace, &form), &headers).await?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        let out = response.headers_mut();
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT));
        Ok::<_, Failure>(shared(response, origin))
    };
    answer.await.unwrap_or_else(|failure| shared(failure.into_response(), None))
}

/// What a submission needs: the mark of when the form was shown, and the work to be done.
#[derive(Serialize)]
struct Start {
    token: String,
    challenge: String,
    bits: u32,
    /// How many seconds later it can be sent at the earliest.
    wait: i64,
}

impl Start {
    async fn of(open: &Open) -> Result<Self> {
        let token = mark::mark(open).await?;
        let challenge = mark::challenge(&token).to_owned();
        Ok(Self { token, challenge, bits: mark::BITS, wait: mark::FASTEST })
    }
}

/// The form is on somebody's screen.
pub(super) async fn begin(
    State(app): State<App>,
    Extension(Views(throttle)): Extension<Views>,
    visitor: Visitor,
    Path((workspace, form)): Names,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let (form, origin) = asked(&app, (&workspace, &form), &headers).await?;
        let open = Open::load(&app, form, &visitor).await?;
        // Whoever asks too often is served, and not counted.
        if !visitor.prefetch && throttle.spend(&visitor, app.core.now()).is_ok() {
            forms::seen(&open.ctx, open.form.id).await?;
        }
        Ok::<_, Failure>(shared(axum::Json(Start::of(&open).await?).into_response(), origin))
    };
    answer.await.unwrap_or_else(|failure| shared(failure.into_response(), None))
}

/// What the script sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    token: String,
    nonce: u64,
    #[serde(default)]
    page: String,
    values: BTreeMap<String, String>,
    #[serde(default)]
    topics: Vec<String>,
    #[serde(default)]
    birth_date: String,
    #[serde(default)]
    agreed: bool,
    /// The field that people do not see.
    #[serde(default)]
    website: String,
}

/// What it is answered, in the visitor's language.
#[derive(Serialize, Default)]
struct Answer {
    /// `thanks`, `too_young`, `wrong`, `again` (with a new `start`), `changed` (read the form again), `busy`,
    /// `gone`.
    result: &'static str,
    title: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<String, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Start>,
}

pub(super) async fn send(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path((workspace, form)): Names,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (form, origin) = match asked(&app, (&workspace, &form), &headers).await {
        Ok((form, Some(origin))) => (form, origin),
        Ok((_, None)) => return Failure::new(Code::Forbidden, "forms are sent from pages").into_response(),
        Err(failure) => return shared(failure.into_response(), None),
    };
    let answer = async {
        let open = Open::load(&app, form, &visitor).await?;
        throttle.spend(&visitor, app.core.now())?;
        let sent: Sent = parse_json(&body)?;
        take(&open, &visitor, sent, origin.to_str().unwrap_or_default()).await
    };
    let refusal = |status: StatusCode, result: &'static str, text: &'static str| {
        let message = visitor.words(&[], None).get(text).to_owned();
        (status, axum::Json(Answer { result, message, ..Answer::default() })).into_response()
    };
    let response = match answer.await {
        Ok((status, answer)) => (status, axum::Json(answer)).into_response(),
        Err(Failure(problem)) if problem.code == Code::RateLimited => {
            refusal(StatusCode::TOO_MANY_REQUESTS, "busy", "trouble.slow")
        }
        Err(Failure(problem)) if problem.code == Code::Gone => refusal(StatusCode::GONE, "gone", "trouble.gone"),
        Err(failure) => failure.into_response(),
    };
    shared(response, Some(origin))
}

/// The page without query and fragment, if it is one of the origin that sent the form.
fn page_of(page: &str, origin: &str) -> String {
    let plain = page.split(['?', '#']).next().unwrap_or_default();
    let inside = plain.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if inside { plain.to_owned() } else { origin.to_owned() }
}

async fn take(open: &Open, visitor: &Visitor, sent: Sent, origin: &str) -> Result<(StatusCode, Answer)> {
    let words = open.words;
    if !sent.website.is_empty() {
        return Ok((StatusCode::OK, thanks(open)));
    }
    let shown = mark::shown(open, &sent.token).await?;
    let address = ["email", "phone"].iter().find_map(|key| sent.values.get(*key).filter(|value| !value.is_empty()));
    let address = address.map_or("", String::as_str);
    let worked = address.len() <= LONGEST && mark::is_worked(&sent.token, address, sent.nonce);
    if shown == Shown::Otherwise {
        let message = words.get("form.changed").to_owned();
        let start = Some(Start::of(open).await?);
        return Ok((StatusCode::CONFLICT, Answer { result: "changed", message, start, ..Answer::default() }));
    }
    if shown == Shown::Never || !worked {
        let message = words.get("form.once_more").to_owned();
        let start = Some(Start::of(open).await?);
        return Ok((StatusCode::CONFLICT, Answer { result: "again", message, start, ..Answer::default() }));
    }
    let mut values = sent.values;
    values.retain(|_, value| value.len() <= LONGEST);
    let submission = Submission {
        language: words.0.tag().to_owned(),
        values,
        agreed: sent.agreed,
        topics: sent.topics.iter().filter_map(|id| id.parse().ok()).collect(),
        birth_date: sent.birth_date,
    };
    Ok(match receive(open, visitor, submission, page_of(&sent.page, origin)).await? {
        Outcome::Thanks => (StatusCode::OK, thanks(open)),
        Outcome::TooYoung => {
            let (title, message) = (words.get("form.too_young_title"), words.get("form.too_young"));
            let answer =
                Answer { result: "too_young", title: title.into(), message: message.into(), ..Answer::default() };
            (StatusCode::OK, answer)
        }
        Outcome::Wrong(wrong) => {
            let errors = wrong.into_iter().map(|(field, text)| (field, words.get(text))).collect();
            let message = words.get("form.wrong_fields").to_owned();
            let answer = Answer { result: "wrong", message, errors, ..Answer::default() };
            (StatusCode::UNPROCESSABLE_ENTITY, answer)
        }
    })
}

fn thanks(open: &Open) -> Answer {
    let words = open.words;
    let definition = &open.form.definition;
    let own = definition.texts(words.0.tag()).thanks.trim();
    let first = if own.is_empty() { words.get("form.thanks") } else { own };
    let redirect = match &definition.success {
        Success::Message => None,
        Success::Redirect { url } => Some(url.clone()),
    };
    Answer {
        result: "thanks",
        title: words.get("form.thanks_title").to_owned(),
        message: format!("{first}\n{}", words.get("form.confirm")),
        redirect,
        ..Answer::default()
    }
}
