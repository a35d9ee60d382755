//! `GET /v1/cookie-sites/{id}/choices`

use kernel::CookieSiteId;
use privacy::cookies::{self, Tally};

use super::shapes;
use crate::v1::prelude::*;

/// From when until when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// From this instant; thirty days ago when absent.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Until before this instant; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

/// What a site's visitors chose, counted.
#[utoipa::path(get, path = "/v1/cookie-sites/{id}/choices", params(("id" = String, Path), Span),
    security(("key" = ["privacy:read"])), responses((status = 200, body = Vec<shapes::CookieTally>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CookieSiteId>,
    Query(span): Query<Span>,
) -> Result<JsonBody<Vec<Tally>>> {
    let ctx = caller.require("privacy:read")?;
    let to = span.to.unwrap_or_else(|| ctx.now());
    let from = span.from.unwrap_or_else(|| to.plus_seconds(-30 * 86_400));
    Ok(JsonBody(cookies::tally(&ctx, cookies::get(&ctx, id).await?.id, from, to).await?))
}
