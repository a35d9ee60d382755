//! `/pay/{token}`, from the mail about a payment that the bank wants confirmed: what it is, and the way to the provider's page.
//! `POST /pay/notices`: what the provider says, signed.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use billing::recharge::{self, State as Stands};
use http_server::Result;
use store::Actor;

use super::layout::{Page, shown};
use super::letter::unknown;
use super::markup::Html;
use super::visitor::Visitor;
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/pay/notices", post(notice)).route("/pay/{token}", get(show))
}

/// What the provider says only tells where to look, and nothing else about the caller counts.
async fn notice(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<StatusCode> {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    recharge::heard(&app.core, app.tills.as_ref(), signature, &body).await?;
    Ok(StatusCode::OK)
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let words = visitor.words(&[], None);
    shown(words, page(&app, &visitor, &token).await)
}

async fn page(app: &App, visitor: &Visitor, token: &str) -> Result<Response> {
    let (workspace, id) = recharge::read_link(&app.core, token).await?.ok_or_else(unknown)?;
    let ctx = app.core.ctx(workspace, Actor::System);
    let organisation = accounts::workspaces::get(&ctx).await?;
    let words = visitor.words(&[], Some(&organisation.language));
    let mut stands = recharge::get(&ctx, id).await?;
    // Somebody who comes back from the provider sees what became of it; that is asked, never ordered, here.
    if stands.state == Stands::NeedsAction
        && !visitor.prefetch
        && let Ok(now) = recharge::look(&ctx, app.tills.as_ref(), id).await
    {
        stands = now;
    }
    let text = |key: &str| recharge::words(words.0.tag(), key);
    let amount = format!("\u{2068}{} {}\u{2069}", stands.amount, stands.currency);
    let fill = |key: &str| text(key).replace("{amount}", &amount).replace("{organisation}", &organisation.name);
    let mut body = Html::new();
    match (stands.state, &stands.page) {
        (Stands::NeedsAction | Stands::Charging, page) => {
            body.raw("<p>").text(&fill("pay.text")).raw("</p>\n");
            if let Some(by) = stands.act_by {
                body.raw("<p>").text(&text("pay.until").replace("{until}", &words.day(by))).raw("</p>\n");
            }
            if let Some(page) = page {
                body.raw("<p><a class=\"button\" rel=\"noopener\" href=\"").text(page).raw("\">");
                body.text(text("pay.button")).raw("</a></p>\n");
            } else {
                body.raw("<p class=\"note bad\" role=\"alert\">").text(text("pay.unavailable")).raw("</p>\n");
            }
        }
        (Stands::Paid | Stands::Mismatched | Stands::Refunded, _) => {
            body.raw("<p>").text(&fill("pay.paid")).raw("</p>\n");
        }
        _ => {
            body.raw("<p>").text(text("pay.over")).raw("</p>\n");
        }
    }
    Ok(Page::new(words, text("pay.title"), body).of(&organisation.name).into_response())
}
