//! `GET /v1/privacy/packs`

use privacy::rules::RulePack;

use crate::v1::prelude::*;

/// A version of the rules.
#[derive(Serialize, ToSchema)]
pub(super) struct PackVersion {
    /// Its name.
    version: String,
    /// When it was released.
    #[schema(value_type = String, format = DateTime)]
    released_at: Timestamp,
    /// Whether it is the one that decides.
    current: bool,
    /// How many rows it has.
    rows: u64,
}

/// The versions of the rules that this server knows, newest first. The newest decides; decisions
/// name the version they were made by.
#[utoipa::path(get, path = "/v1/privacy/packs", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<PackVersion>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<PackVersion>>> {
    caller.require("privacy:read")?;
    let current = RulePack::current().version();
    let shown = |pack: &RulePack| PackVersion {
        version: pack.version().to_owned(),
        released_at: pack.released(),
        current: pack.version() == current,
        rows: pack.rows().len() as u64,
    };
    Ok(JsonBody(RulePack::versions().rev().map(shown).collect::<Vec<_>>().into()))
}
