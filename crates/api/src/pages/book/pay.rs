//! `POST /book/b/{token}`: the way to the payment provider's page, and the provider's way back. The page that leads there is our own: a form's
//! answer may not lead elsewhere, and nobody is sent off without being told.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use booking::payments::Page;
use booking::tokens::{self, Act};
use http_server::Result;
use kernel::{Code, Problem, WorkspaceId};
use store::Actor;

use super::super::layout::shown;
use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use super::asked::Asked;
use super::seen::Seen;
use crate::App;

pub(super) async fn begin(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let seen = Seen::open(&app, &visitor, asked, (&token, Act::View)).await?;
        let ctx = &seen.stall.shop.ctx;
        let path = tokens::path(ctx, seen.booking.id, Act::View).await?;
        let back = format!("{path}{}", seen.asked.again().query());
        match app.payments.open(ctx, (&seen.booking, &seen.stall.of), &back).await {
            Ok(Page::Open(address)) => page(&seen, Some(&address)).await,
            Ok(Page::Settled) => Ok(Redirect::to(&back).into_response()),
            Err(error) => {
                tracing::warn!(booking = %seen.booking.id, problem = error.problem().code.as_str(), "no payment page");
                page(&seen, None).await
            }
        }
    };
    shown(visitor.words(&[], None), answer.await)
}

/// `POST /book/pay/{workspace}/webhook`: what the provider says, signed. Nothing else about the caller counts.
pub(super) async fn notice(
    State(app): State<App>,
    Path(workspace): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let unknown = || Problem::new(Code::NotFound, "there is no such workspace");
    let id: WorkspaceId = workspace.parse().map_err(|_| unknown())?;
    if accounts::workspaces::find(&app.core, id).await?.is_none() {
        return Err(unknown().into());
    }
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ctx = app.core.ctx(id, Actor::System);
    app.payments.notice(&ctx, signature, &body).await?;
    Ok(StatusCode::OK)
}

/// The page that leads to the provider's, or says that it cannot be opened now.
async fn page(seen: &Seen, address: Option<&str>) -> Result<Response> {
    let words = seen.stall.shop.words;
    let mut body = seen.facts().await?;
    body.raw("<p>").add(&words.html("pay.text", &[("organisation", &seen.stall.shop.organisation)])).raw("</p>\n");
    if let Some(address) = address {
        body.raw("<p><a class=\"button\" rel=\"noopener\" target=\"_top\" href=\"").text(address).raw("\">");
        body.text(words.get("pay.button")).raw("</a></p>\n");
    } else {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("pay.unavailable")).raw("</p>\n");
    }
    Ok(seen.page(words.get("pay.title"), body).mark("page", "pay").into_response())
}
