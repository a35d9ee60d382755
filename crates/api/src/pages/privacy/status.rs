//! How far a request is, for whoever made it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http_server::Result;
use people::contacts::{self, Standard};
use privacy::requests::{self, Request, RequestState, rights_authority};
use store::Ctx;

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::visitor::Visitor;
use super::super::words::Words;
use super::facts;
use super::verify::around;
use crate::App;

pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (ctx, request) = requests::status_of(&app.core, &token).await?;
        show(&visitor, &ctx, &request, &token).await
    };
    shown(visitor.words(&[], None), read.await)
}

/// Takes the request back.
pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let answer = async {
        let (ctx, mut request) = requests::status_of(&app.core, &token).await?;
        if posted.get("action") == "withdraw" && !request.state.is_closed() {
            request = requests::withdraw(&ctx, request.id).await?;
        }
        show(&visitor, &ctx, &request, &token).await
    };
    shown(visitor.words(&[], None), answer.await)
}

const fn state_text(state: RequestState) -> &'static str {
    match state {
        RequestState::Received => "rights.state_received",
        RequestState::Challenged => "rights.state_challenged",
        RequestState::Verified | RequestState::InProgress => "rights.state_open",
        RequestState::Fulfilled => "rights.state_fulfilled",
        RequestState::Refused => "rights.state_refused",
        RequestState::Withdrawn => "rights.state_withdrawn",
        RequestState::Expired => "rights.state_expired",
    }
}

async fn show(visitor: &Visitor, ctx: &Ctx, request: &Request, token: &str) -> Result<Response> {
    let (words, organisation) = around(visitor, ctx, request).await?;
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">").text(words.get(state_text(request.state))).raw("</p>\n");
    body.add(&facts(words, request));
    if let Some(explanation) = &request.explanation {
        body.raw("<section>\n<h2>").text(words.get("rights.why")).raw("</h2>\n<p class=\"pre\">").bdi(explanation);
        body.raw("</p>\n</section>\n");
    }
    if let Some((_, until)) = requests::pack_of(ctx, request.id).await? {
        body.raw("<p>").add(&words.html("rights.pack_until", &[("date", &words.day(until))])).raw("</p>\n");
        body.add(&super::pack::buttons(words, token));
    }
    if request.state == RequestState::Refused || request.extended_at.is_some() {
        body.add(&complaint(words, ctx, request).await?);
    }
    if !request.state.is_closed() {
        body.raw("<form method=\"post\">").hidden("action", "withdraw").raw("<button class=\"second\">");
        body.text(words.get("rights.withdraw")).raw("</button></form>\n");
    }
    Ok(Page::new(words, words.get("rights.status_title"), body).of(&organisation).into_response())
}

/// Where to complain: the authority of the person's country.
async fn complaint(words: Words, ctx: &Ctx, request: &Request) -> Result<Html> {
    let person = match request.subject {
        Some(subject) => contacts::get_many(ctx, people::ReadFor::Rights, &[subject]).await?.pop().flatten(),
        None => None,
    };
    let country = person.as_ref().and_then(|person| person.profile.value(Standard::Country));
    let mut out = Html::new();
    out.raw("<section>\n<h2>").text(words.get("rights.complain_title")).raw("</h2>\n<p>");
    out.text(words.get("rights.complain_text")).raw("</p>\n");
    if let Some((name, url)) = rights_authority(country) {
        out.raw("<p>").bdi(name).raw("<br>").code(url.trim_start_matches("https://")).raw("</p>\n");
    }
    out.raw("</section>\n");
    Ok(out)
}
