//! `GET /v1/domains/{domain}`

use super::{DomainAnswer, known, shown};
use crate::v1::prelude::*;

/// A sending domain with its records.
#[utoipa::path(get, path = "/v1/domains/{domain}", params(("domain" = String, Path, description = "name or id")),
    security(("key" = ["domains:read"])), responses((status = 200, body = DomainAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(domain): Path<String>,
) -> Result<JsonBody<DomainAnswer>> {
    let ctx = caller.require("domains:read")?;
    let domain = known(&ctx, &domain).await?;
    Ok(JsonBody(shown(&app, &ctx, domain).await?))
}
