//! `POST /v1/domains/{domain}/rotate`

use mail::domains;

use super::{DomainAnswer, known, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Make the next pair of keys. It signs once its records are seen.
#[utoipa::path(post, path = "/v1/domains/{domain}/rotate", params(("domain" = String, Path, description = "name or id")),
    security(("key" = ["domains:write"])), responses((status = 200, body = DomainAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(domain): Path<String>,
) -> Result<JsonBody<DomainAnswer>> {
    let ctx = caller.require("domains:write")?;
    let domain = known(&ctx, &domain).await?;
    domains::rotate(&ctx, domain.id).await?;
    trail::note(&ctx, "domain.rotated", &[&domain.id]).await?;
    Ok(JsonBody(shown(&app, &ctx, domain).await?))
}
