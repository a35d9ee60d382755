//! `GET /v1/privacy/pack`

use privacy::rules::RulePack;

use crate::v1::prelude::*;

/// The rules by which the gate decides.
#[derive(Serialize, ToSchema)]
pub(super) struct PackAnswer {
    /// Their version.
    version: String,
    /// When they were released.
    #[schema(value_type = String, format = DateTime)]
    released_at: Timestamp,
    /// The rows of the decision table: id, source, and the day by which each is to be reviewed.
    rows: Vec<Json>,
}

/// The rule pack in force.
#[utoipa::path(get, path = "/v1/privacy/pack", security(("key" = ["privacy:read"])),
    responses((status = 200, body = PackAnswer)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<PackAnswer>> {
    caller.require("privacy:read")?;
    let pack = RulePack::current();
    let row = |row: &privacy::rules::Row| json!({ "id": row.id, "source": row.source, "review": row.review });
    Ok(JsonBody(PackAnswer {
        version: pack.version().to_owned(),
        released_at: pack.released(),
        rows: pack.rows().iter().map(row).collect(),
    }))
}
