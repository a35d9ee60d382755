//! `GET /v1/privacy/packs/{version}`

use super::{PackRow, Warned, found, rows, warnings};
use crate::v1::prelude::*;

/// A version of the rules as a whole.
#[derive(Serialize, ToSchema)]
pub(super) struct WholePack {
    /// Its name.
    version: String,
    /// When it was released.
    #[schema(value_type = String, format = DateTime)]
    released_at: Timestamp,
    /// What it says about itself.
    note: String,
    /// What of it wants a review now.
    warnings: Vec<Warned>,
    /// The rows, in the order in which they are tried.
    rows: Vec<PackRow>,
    /// Everything beside the rows: purposes, groups of countries, approvals, limits, elements, hours, zones.
    #[schema(value_type = Object)]
    parts: Json,
}

/// A version of the rules.
#[utoipa::path(get, path = "/v1/privacy/packs/{version}", params(("version" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = WholePack)))]
pub(super) async fn handle(caller: Caller, Path(version): Path<String>) -> Result<JsonBody<WholePack>> {
    let ctx = caller.require("privacy:read")?;
    let pack = found(&version)?;
    Ok(JsonBody(WholePack {
        version: pack.version().to_owned(),
        released_at: pack.released(),
        note: pack.note().to_owned(),
        warnings: warnings(pack, ctx.now()),
        rows: rows(pack),
        parts: json!(pack.parts()),
    }))
}
