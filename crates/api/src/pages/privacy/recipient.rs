//! Where a recipient of data says that they did what they were told (GDPR Art. 19).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http_server::Result;
use privacy::requests::recipients::{self, Notice};
use store::Ctx;

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::visitor::Visitor;
use crate::App;

pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (ctx, notice) = recipients::of_token(&app.core, &token).await?;
        show(&visitor, &ctx, &notice).await
    };
    shown(visitor.words(&[], None), read.await)
}

pub(super) async fn act(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let answer = async {
        let (ctx, mut notice) = recipients::of_token(&app.core, &token).await?;
        if notice.acknowledged_at.is_none() {
            recipients::acknowledged(&ctx, notice.id).await?;
            notice.acknowledged_at = Some(ctx.now());
        }
        show(&visitor, &ctx, &notice).await
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn show(visitor: &Visitor, ctx: &Ctx, notice: &Notice) -> Result<Response> {
    let workspace = accounts::workspaces::get(ctx).await?;
    let words = visitor.words(&[], Some(&workspace.language));
    let mut body = Html::new();
    if notice.acknowledged_at.is_some() {
        body.raw("<p class=\"note good\" role=\"status\">").text(words.get("rights.recipient_done")).raw("</p>\n");
    } else {
        let about = [("organisation", workspace.name.as_str())];
        body.raw("<p>").add(&words.html("rights.recipient_text", &about)).raw("</p>\n");
        body.raw("<form method=\"post\"><button>").text(words.get("rights.recipient_button")).raw("</button></form>\n");
    }
    Ok(Page::new(words, words.get("rights.recipient_title"), body).of(&workspace.name).into_response())
}
