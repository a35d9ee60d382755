//! The link that asks who asks: GET shows what was asked for, POST says that it is so.

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::Code;
use people::requests::unless_manual;
use privacy::requests::{self, Outcome, PACK_LIFE, Request, RequestKind};
use store::Ctx;

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use super::super::words::Words;
use super::{facts, texts};
use crate::App;

/// The words of a request's pages and whose pages they are.
pub(super) async fn around(visitor: &Visitor, ctx: &Ctx, request: &Request) -> Result<(Words, String)> {
    let workspace = accounts::workspaces::get(ctx).await?;
    let used = request.content.as_ref().and_then(|content| content.language.as_ref());
    let words = visitor.words(&[used.map(kernel::Locale::as_str)], Some(&workspace.language));
    Ok((words, workspace.name))
}

pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (ctx, request) = requests::find(&app.core, &token).await?;
        let (words, organisation) = around(&visitor, &ctx, &request).await?;
        let mut body = Html::new();
        body.raw("<p>").add(&words.html("rights.verify_text", &[("organisation", &organisation)])).raw("</p>\n");
        body.add(&facts(words, &request)).raw("<p>").text(words.get(texts(request.kind).1)).raw("</p>\n");
        body.raw("<form method=\"post\"><button");
        let erasing = request.kind == RequestKind::Erasure;
        body.raw(if erasing { " class=\"danger\">" } else { ">" });
        body.text(words.get(if erasing { "rights.verify_erase" } else { "rights.verify_button" }));
        body.raw("</button></form>\n<p class=\"soft\">").text(words.get("rights.verify_ignore")).raw("</p>\n");
        Ok(Page::new(words, words.get("rights.verify_title"), body).of(&organisation).into_response())
    };
    shown(visitor.words(&[], None), read.await)
}

pub(super) async fn act(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let (ctx, request) = requests::redeem(&app.core, &token).await?;
        let (words, organisation) = around(&visitor, &ctx, &request).await?;
        self::answer(&app, &ctx, &request, (words, &organisation)).await
    };
    shown(visitor.words(&[], None), answer.await)
}

/// Answers a request that is verified: at once where the workspace lets Barid answer, else by and by.
pub(super) async fn answer(
    app: &App,
    ctx: &Ctx,
    request: &Request,
    (words, organisation): (Words, &str),
) -> Result<Response> {
    let done = match unless_manual(ctx, app.outbound.gate(), request).await {
        Ok(done) => done,
        // What was typed does not fit: a human looks at it.
        Err(error) if matches!(error.problem().code, Code::InvalidInput | Code::BlockedTarget) => None,
        Err(error) => return Err(error.into()),
    };
    let expires = ctx.now().plus_seconds(PACK_LIFE).max(request.due_at);
    let status = requests::status_token(ctx.keys().await?.as_ref(), ctx.workspace, request.id, expires);
    let mut body = Html::new();
    let Some(done) = done else {
        body.raw("<p class=\"note good\" role=\"status\">").text(words.get("rights.verified")).raw("</p>\n");
        body.add(&facts(words, request)).add(&link(words, &status));
        return Ok(Page::new(words, words.get("rights.verified_title"), body).of(organisation).into_response());
    };
    let text = match &done.outcome {
        Outcome::Pack(_) => "rights.done_pack",
        Outcome::Certificate(_) => "rights.done_erased",
        Outcome::NothingHeld => "rights.done_nothing",
        Outcome::Done(_) => match request.kind {
            RequestKind::Rectification => "rights.done_corrected",
            RequestKind::Restriction => "rights.done_restricted",
            _ => "rights.done_objection",
        },
    };
    body.raw("<p class=\"note good\" role=\"status\">").text(words.get(text)).raw("</p>\n");
    if matches!(done.outcome, Outcome::Pack(_)) {
        body.add(&super::pack::buttons(words, &status));
    }
    if let Some(certificate) = &done.certificate {
        app.live.forget(ctx.workspace, certificate.subject);
        body.raw("<p>")
            .text(words.get("forget.note"))
            .raw("</p>\n<section>\n<h2>")
            .text(words.get("forget.certificate"));
        body.raw("</h2>\n<pre dir=\"ltr\" tabindex=\"0\">");
        body.text(&serde_json::to_string_pretty(certificate).unwrap_or_default()).raw("</pre>\n</section>\n");
    }
    body.add(&facts(words, &done.request)).add(&link(words, &status));
    Ok(Page::new(words, words.get("rights.done_title"), body).of(organisation).into_response())
}

fn link(words: Words, token: &str) -> Html {
    let mut out = Html::new();
    out.raw("<p><a href=\"/privacy/status/")
        .text(token)
        .raw("\">")
        .text(words.get("rights.status_link"))
        .raw("</a></p>\n");
    out
}
