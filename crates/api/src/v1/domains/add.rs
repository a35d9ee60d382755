//! `POST /v1/domains`

use mail::domains;

use super::{DomainAnswer, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// A domain to send from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDomain {
    /// Its name, such as `example.org`.
    domain: String,
}

/// Add a sending domain and make its keys. It sends once its records are seen.
#[utoipa::path(post, path = "/v1/domains", request_body = NewDomain, security(("key" = ["domains:write"])),
    responses((status = 201, body = DomainAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewDomain>,
) -> Result<(StatusCode, JsonBody<DomainAnswer>)> {
    let ctx = caller.require("domains:write")?;
    let domain = domains::add(&ctx, &input.domain).await.map_err(|error| match error {
        domains::Error::Name => Problem::field("domain", error.to_string()),
        error => error.problem(),
    })?;
    trail::note(&ctx, "domain.added", &[&domain.id]).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&app, &ctx, domain).await?)))
}
