//! A request's form, and the receipt for it.

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::{Email, Locale, RequestId};
use people::contacts::Standard;
use people::requests::receive;
use privacy::requests::{self, By, Content, Intake, New, RequestKind, Settings, Via, corrections_from};
use privacy::vocabulary::Channel;

use super::super::layout::shown;
use super::super::letter::unknown;
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use super::{Centre, parameter, texts};
use crate::App;

/// The field that people do not see.
const TRAP: &str = "website";
/// What a rectification's form offers.
const FIELDS: [Standard; 5] =
    [Standard::FirstName, Standard::LastName, Standard::Company, Standard::Country, Standard::Language];
const CHANNELS: [Channel; 5] = [Channel::Email, Channel::Sms, Channel::Voice, Channel::Whatsapp, Channel::Post];

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    email: String,
    text: String,
    child: bool,
    wrong: Option<&'static str>,
}

fn kind_of(name: &str) -> Result<RequestKind> {
    name.parse().map_err(|_| unknown().into())
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path((named, kind)): Path<(String, String)>,
    uri: axum::http::Uri,
) -> Response {
    let read = async {
        let kind = kind_of(&kind)?;
        let centre = Centre::find(&app, &visitor, &named, parameter(uri.query(), "letter")).await?;
        let child = parameter(uri.query(), "child") == "yes";
        Ok(show(&centre, kind, &Typed { child, ..Typed::default() }))
    };
    shown(visitor.words(&[], None), read.await)
}

fn input(out: &mut Html, (name, kind, label): (&'static str, &'static str, &str), value: &str) {
    out.raw("<div class=\"field\"><label for=\"").raw(name).raw("\">").text(label).raw("</label><input type=\"");
    out.raw(kind).raw("\" id=\"").raw(name).raw("\" name=\"").raw(name).raw("\" value=\"").text(value);
    out.raw("\" dir=\"auto\"></div>\n");
}

fn show(centre: &Centre, kind: RequestKind, typed: &Typed) -> Response {
    let words = centre.words;
    let (title, text) = texts(kind);
    let mut body = Html::new();
    if let Some(wrong) = typed.wrong {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get(wrong)).raw("</p>\n");
    }
    body.raw("<p>").text(words.get(text)).raw("</p>\n<form method=\"post\" novalidate>");
    if centre.letter.is_some() {
        body.hidden("letter", &centre.token);
        body.raw("<p class=\"note good\">").text(words.get("rights.known")).raw("</p>\n");
    } else {
        input(&mut body, ("email", "email", words.get("rights.email")), &typed.email);
        body.raw("<p class=\"soft\">").text(words.get("rights.email_why")).raw("</p>\n");
    }
    if kind == RequestKind::Rectification {
        for field in FIELDS {
            input(&mut body, (field.as_str(), "text", &words.label(field.as_str())), "");
        }
    }
    if kind == RequestKind::Objection {
        body.raw("<div class=\"field\"><label for=\"channel\">").text(words.get("rights.object_to"));
        body.raw("</label><select id=\"channel\" name=\"channel\"><option value=\"\">");
        body.text(words.get("rights.object_all")).raw("</option>");
        for channel in CHANNELS {
            body.raw("<option value=\"").raw(channel.as_str()).raw("\">").text(&words.label(channel.as_str()));
            body.raw("</option>");
        }
        body.raw("</select></div>\n");
    }
    body.raw("<div class=\"field\"><label for=\"text\">").text(words.get("rights.text"));
    body.raw("</label><textarea id=\"text\" name=\"text\" rows=\"4\" maxlength=\"4000\" dir=\"auto\">")
        .text(&typed.text);
    body.raw(
        "</textarea></div>\n<div class=\"choice\"><input type=\"checkbox\" id=\"child\" name=\"child\" value=\"yes\"",
    );
    body.raw(if typed.child { " checked>" } else { ">" }).raw("<label for=\"child\">").text(words.get("rights.child"));
    body.raw("</label></div>\n<div class=\"away\" aria-hidden=\"true\"><label for=\"website\">Website</label>");
    body.raw("<input type=\"text\" id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>\n<p></p><button>");
    body.text(words.get("rights.send")).raw("</button></form>\n");
    let status = if typed.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    centre.page(title, body).status(status).into_response()
}

pub(super) async fn act(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path((named, kind)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let answer = async {
        let kind = kind_of(&kind)?;
        let centre = Centre::find(&app, &visitor, &named, posted.get("letter")).await?;
        take(&app, &visitor, (&centre, kind, &throttle), &posted).await
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn take(
    app: &App,
    visitor: &Visitor,
    (centre, kind, throttle): (&Centre, RequestKind, &Throttle),
    posted: &Posted,
) -> Result<Response> {
    if !posted.get(TRAP).is_empty() {
        return receipt(centre, (centre.ctx.id(), kind), posted.has("child")).await;
    }
    let (email, text, child) = (posted.get("email"), posted.get("text"), posted.get("child") == "yes");
    let again = |wrong| {
        let typed = Typed { email: email.to_owned(), text: text.to_owned(), child, wrong: Some(wrong) };
        Ok(show(centre, kind, &typed))
    };
    if text.chars().count() > 4000 {
        return again("form.too_long");
    }
    if centre.letter.is_none() && Email::parse(email).is_err() {
        return again("rights.email_wrong");
    }
    throttle.spend(visitor, app.core.now())?;
    let corrections = FIELDS.iter().map(|field| (field.as_str(), posted.get(field.as_str())));
    let corrections =
        if kind == RequestKind::Rectification { corrections_from(corrections) } else { corrections_from([]) };
    let content = Content {
        requester: Some(email.to_owned()).filter(|email| !email.is_empty()),
        text: text.to_owned(),
        corrections,
        channel: posted.get("channel").parse().ok().filter(|_| kind == RequestKind::Objection),
        purpose: None,
        language: centre.words.0.tag().parse::<Locale>().ok(),
        authentication: None,
    };
    let received_at = app.core.now();
    if let Some(letter) = &centre.letter {
        let (via, subject) = (Via::PreferencePage, Some(letter.contact));
        let request = receive(&centre.ctx, New { kind, via, subject, child, received_at, content }).await?;
        let request = requests::verify(&centre.ctx, request.id, By::Letter, None).await?;
        return super::verify::answer(app, &centre.ctx, &request, (centre.words, &centre.organisation)).await;
    }
    let came = Intake { kind, via: Via::Centre, child, received_at, content };
    let id = requests::intake(&centre.ctx, &came).await?;
    receipt(centre, (id, kind), child).await
}

/// What is said to everybody, known or not.
async fn receipt(centre: &Centre, (id, kind): (RequestId, RequestKind), child: bool) -> Result<Response> {
    let words = centre.words;
    let settings = Settings::of(&centre.ctx).await?;
    let now = centre.ctx.now();
    let due = privacy::clocks::request_due(now, &settings.zone());
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">").text(words.get("rights.receipt")).raw("</p>\n<p>");
    body.add(&words.html("rights.receipt_text", &[("organisation", &centre.organisation)])).raw("</p>\n<dl><dt>");
    body.text(words.get("rights.number")).raw("</dt><dd>").code(&id.to_string()).raw("</dd><dt>");
    body.text(words.get("rights.type")).raw("</dt><dd>").text(words.get(texts(kind).0)).raw("</dd><dt>");
    body.text(words.get("rights.received")).raw("</dt><dd>").text(&words.day(now)).raw("</dd><dt>");
    body.text(words.get("rights.due")).raw("</dt><dd>").text(&words.day(due.plus_micros(-1))).raw("</dd></dl>\n");
    if child {
        body.raw("<p>").text(words.get("rights.child_first")).raw("</p>\n");
    }
    Ok(centre.page("rights.receipt_title", body).into_response())
}
