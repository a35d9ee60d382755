//! `GET /v1/domains`

use mail::domains;

use super::{DomainAnswer, shown};
use crate::v1::prelude::*;

/// The sending domains with their records, by name.
#[utoipa::path(get, path = "/v1/domains", security(("key" = ["domains:read"])),
    responses((status = 200, body = Listed<DomainAnswer>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<DomainAnswer>>> {
    let ctx = caller.require("domains:read")?;
    let mut items = Vec::new();
    for domain in domains::list(&ctx).await? {
        items.push(shown(&app, &ctx, domain).await?);
    }
    Ok(JsonBody(items.into()))
}
