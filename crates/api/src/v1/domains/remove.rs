//! `DELETE /v1/domains/{domain}`

use mail::domains;

use super::known;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Remove a sending domain and destroy its keys.
#[utoipa::path(delete, path = "/v1/domains/{domain}", params(("domain" = String, Path, description = "name or id")),
    security(("key" = ["domains:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(domain): Path<String>) -> Result<StatusCode> {
    let ctx = caller.require("domains:write")?;
    let domain = known(&ctx, &domain).await?;
    domains::remove(&ctx, domain.id).await?;
    trail::note(&ctx, "domain.removed", &[&domain.id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
