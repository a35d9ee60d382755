//! `/account/{confirm|reset|change|invite|exists}`: links of members, without the web app. The
//! token comes in `?token=`, or is typed by somebody whose link carries it behind the `#`, which no
//! server gets to see. GET never acts.

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::{Code, Problem};
use serde::Deserialize;

use super::layout::{Page, neutral, paragraph, shown};
use super::markup::Html;
use super::posted::Posted;
use super::throttle::Throttle;
use super::visitor::Visitor;
use super::words::Words;
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/account/{kind}", get(page).post(act)).layer(Extension(Throttle::new(10, 20)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Confirm,
    Reset,
    Change,
    Invite,
    Exists,
    Inactive,
    Emergency,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "confirm" => Self::Confirm,
            "reset" => Self::Reset,
            "change" => Self::Change,
            "invite" => Self::Invite,
            "exists" => Self::Exists,
            "inactive" => Self::Inactive,
            "emergency" => Self::Emergency,
            _ => return None,
        })
    }

    /// Title, text, button and what is said afterwards.
    const fn texts(self) -> [&'static str; 4] {
        match self {
            Self::Confirm => {
                ["account.confirm_title", "account.confirm", "account.confirm_button", "account.confirmed"]
            }
            Self::Reset => ["account.reset_title", "account.reset", "account.reset_button", "account.was_reset"],
            Self::Change => ["account.change_title", "account.change", "account.change_button", "account.changed"],
            Self::Invite => ["account.invite_title", "account.invite", "account.invite_button", "account.accepted"],
            Self::Exists => ["account.exists_title", "account.exists", "account.sign_in", "account.exists"],
            Self::Emergency => ["account.emergency_title", "account.emergency", "account.sign_in", "account.emergency"],
            Self::Inactive => ["account.inactive_title", "account.inactive", "account.sign_in", "account.inactive"],
        }
    }
}

#[derive(Debug, Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

/// What somebody typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    token: String,
    name: String,
    wrong: Option<(&'static str, &'static str)>,
}

async fn page(visitor: Visitor, Path(kind): Path<String>, link: Result<Query<Link>, QueryRejection>) -> Response {
    let words = visitor.words(&[], None);
    let Some(kind) = Kind::of(&kind) else { return neutral(words).into_response() };
    let token = link.map(|Query(link)| link.token).ok().filter(|token| token.len() <= 300).unwrap_or_default();
    form(words, kind, &Filled { token, ..Filled::default() }).into_response()
}

fn form(words: Words, kind: Kind, filled: &Filled) -> Page {
    let [title, text, button, _] = kind.texts();
    let mut body = Html::new();
    if let Some((_, text)) = filled.wrong {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get(text)).raw("</p>\n");
    }
    body.add(&paragraph(&words.html(text, &[])));
    if matches!(kind, Kind::Exists | Kind::Inactive | Kind::Emergency) {
        body.raw("<p><a class=\"button\" href=\"/\">").text(words.get(button)).raw("</a></p>\n");
        return Page::new(words, words.get(title), body);
    }
    body.raw("<form method=\"post\">");
    if filled.token.is_empty() {
        body.add(&field(words, "token", ("text", "off"), "", filled));
    } else {
        body.hidden("token", &filled.token);
    }
    if kind == Kind::Invite {
        body.add(&field(words, "name", ("text", "name"), &filled.name, filled));
    }
    if matches!(kind, Kind::Reset | Kind::Invite) {
        body.add(&field(words, "password", ("password", "new-password"), "", filled));
    }
    body.raw("<button>").text(words.get(button)).raw("</button></form>\n");
    let status = if filled.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let plain = filled.token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let keep = if plain && !filled.token.is_empty() { format!("token={}&", filled.token) } else { String::new() };
    Page::new(words, words.get(title), body).status(status).keep(keep)
}

fn field(
    words: Words,
    name: &'static str,
    (kind, complete): (&'static str, &'static str),
    value: &str,
    filled: &Filled,
) -> Html {
    let (label, hint) = match name {
        "token" => ("account.token", "account.token_hint"),
        "name" => ("account.name", "account.name_hint"),
        _ => ("account.password", "account.password_hint"),
    };
    let wrong = filled.wrong.is_some_and(|(field, _)| field == name);
    let mut out = Html::new();
    out.raw("<div class=\"field\"><label for=\"").raw(name).raw("\">").text(words.get(label)).raw("</label>");
    out.raw("<input type=\"").raw(kind).raw("\" id=\"").raw(name).raw("\" name=\"").raw(name);
    out.raw("\" autocomplete=\"").raw(complete).raw("\" dir=\"auto\" placeholder=\" \" value=\"").text(value);
    out.raw(if wrong { "\" aria-invalid=\"true" } else { "" }).raw("\" aria-describedby=\"h-").raw(name).raw("\">");
    out.raw("<span class=\"soft\" id=\"h-").raw(name).raw("\">").text(words.get(hint)).raw("</span></div>\n");
    out
}

async fn act(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path(kind): Path<String>,
    posted: Posted,
) -> Response {
    let words = visitor.words(&[], None);
    let Some(kind) = Kind::of(&kind).filter(|kind| !matches!(kind, Kind::Exists | Kind::Inactive | Kind::Emergency))
    else {
        return neutral(words).into_response();
    };
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        carry_out(&app, words, kind, &posted).await
    };
    shown(words, answer.await)
}

async fn carry_out(app: &App, words: Words, kind: Kind, posted: &Posted) -> Result<Response> {
    // Somebody may paste the whole link or everything from the `#` on.
    let typed = posted.get("token");
    let token = typed.rsplit_once('#').map_or(typed, |(_, token)| token);
    let (name, password) = (posted.get("name"), posted.get("password"));
    let done: Result<(), Problem> = match kind {
        Kind::Confirm => app.accounts.confirm(token).await.map(|_| ()).map_err(Problem::from),
        Kind::Change => app.accounts.change_address(token).await.map(|_| ()).map_err(Problem::from),
        Kind::Reset => app.accounts.reset(token, password).await.map(|_| ()).map_err(Problem::from),
        Kind::Invite => app.accounts.accept_invitation(token, name, password).await.map(|_| ()).map_err(Problem::from),
        Kind::Exists | Kind::Inactive | Kind::Emergency => Ok(()),
    };
    match done {
        Ok(()) => {
            let [title, _, _, text] = kind.texts();
            let mut body = Html::new();
            body.raw("<p class=\"note good\" role=\"status\">").text(words.get(text)).raw("</p>\n");
            body.raw("<p><a class=\"button\" href=\"/\">").text(words.get("account.sign_in")).raw("</a></p>\n");
            Ok(Page::new(words, words.get(title), body).into_response())
        }
        Err(problem) if problem.code == Code::InvalidInput => {
            let field = problem.fields.first().map_or("", |field| field.field.as_str());
            let wrong = match field {
                "name" => ("name", "account.name_wrong"),
                "password" => ("password", "account.password_wrong"),
                _ => ("token", "trouble.gone"),
            };
            let filled = Filled { token: token.to_owned(), name: name.to_owned(), wrong: Some(wrong) };
            Ok(form(words, kind, &filled).into_response())
        }
        // A link that was never made looks like one that was used.
        Err(problem) if problem.code == Code::NotFound => Err(Problem::new(Code::Gone, problem.detail).into()),
        Err(problem) => Err(problem.into()),
    }
}
