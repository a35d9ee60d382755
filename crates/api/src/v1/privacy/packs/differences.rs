//! `GET /v1/privacy/packs/{from}/differences/{to}`

use privacy::rules::{Change, RowChange, difference};

use super::found;
use crate::v1::prelude::*;

/// What differs between two versions.
#[derive(Serialize, ToSchema)]
pub(super) struct PackDifference {
    /// The earlier version.
    from: String,
    /// The later version.
    to: String,
    /// Row by row.
    rows: Vec<RowDifference>,
    /// Beside the rows.
    parts: Vec<ValueDifference>,
}

/// A row that differs.
#[derive(Serialize, ToSchema)]
pub(super) struct RowDifference {
    /// Its id.
    row: String,
    /// The countries it speaks about.
    countries: Vec<String>,
    /// `added`, `removed`, `changed`, or `reviewed`: looked at again and left as it is.
    kind: Json,
    /// What exactly.
    changes: Vec<ValueDifference>,
}

/// A value that differs.
#[derive(Serialize, ToSchema)]
pub(super) struct ValueDifference {
    /// Where.
    field: String,
    /// In the earlier version.
    before: Json,
    /// In the later version.
    after: Json,
}

impl From<Change> for ValueDifference {
    fn from(change: Change) -> Self {
        Self { field: change.field, before: change.before, after: change.after }
    }
}

impl From<RowChange> for RowDifference {
    fn from(row: RowChange) -> Self {
        let changes = row.changes.into_iter().map(Into::into).collect();
        Self { row: row.row, countries: row.countries, kind: json!(row.kind), changes }
    }
}

/// What changed from one version of the rules to another.
#[utoipa::path(get, path = "/v1/privacy/packs/{from}/differences/{to}",
    params(("from" = String, Path), ("to" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = PackDifference)))]
pub(super) async fn handle(
    caller: Caller,
    Path((from, to)): Path<(String, String)>,
) -> Result<JsonBody<PackDifference>> {
    caller.require("privacy:read")?;
    let difference = difference(found(&from)?, found(&to)?);
    Ok(JsonBody(PackDifference {
        from: difference.from,
        to: difference.to,
        rows: difference.rows.into_iter().map(Into::into).collect(),
        parts: difference.parts.into_iter().map(Into::into).collect(),
    }))
}
