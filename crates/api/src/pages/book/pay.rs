//! `POST /book/b/{token}`: the way to the payment provider's page. The page that leads there is our own: a form's
//! answer may not lead elsewhere, and nobody is sent off without being told.

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use booking::links::Purpose;
use http_server::Result;

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
        let seen = Seen::open(&app, &visitor, asked, (&token, Purpose::See)).await?;
        page(&seen, None).await
    };
    shown(visitor.words(&[], None), answer.await)
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
