//! `GET /v1/contacts/{id}/bases`

use kernel::ContactId;
use people::contacts;
use privacy::claims;

use crate::v1::prelude::*;

/// A lawful basis on record.
#[derive(Serialize, ToSchema)]
pub(super) struct BasisOnRecord {
    /// For what.
    purpose: String,
    /// By which channel.
    channel: String,
    /// For one topic only.
    topic: Option<String>,
    /// Which basis.
    basis: String,
    /// `given`, `requested`, `withdrawn`, `expired`, …
    state: String,
    /// Since when.
    #[schema(format = DateTime)]
    at: String,
    /// The first instant at which it no longer holds.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When a double opt-in was confirmed.
    #[schema(format = DateTime)]
    confirmed_at: Option<String>,
    /// The ledger event that says so.
    event: String,
    /// What decisions read of it.
    terms: Option<Json>,
}

/// What writing to this person rests on, or rested on.
#[utoipa::path(get, path = "/v1/contacts/{id}/bases", params(("id" = String, Path)),
    security(("key" = ["contacts:read"])), responses((status = 200, body = Listed<BasisOnRecord>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("contacts:read")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let found = claims::list(&ctx, id).await?;
    Ok(JsonBody(found.iter().map(|claim| json!(claim)).collect::<Vec<_>>().into()))
}
