//! `POST /v1/domains/{domain}/check`

use mail::domains;

use super::known;
use crate::v1::prelude::*;

/// Look whether the records are there, by live DNS.
#[utoipa::path(post, path = "/v1/domains/{domain}/check", params(("domain" = String, Path, description = "name or id")),
    security(("key" = ["domains:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(domain): Path<String>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("domains:write")?;
    let domain = known(&ctx, &domain).await?;
    let report = domains::check(&ctx, &app.resolver, &domain, &app.mail_host).await?;
    Ok(JsonBody(json!(report)))
}
