//! `POST /v1/content/repair`

use content::design::{self, Design, Repair};
use kernel::Locale;

use crate::v1::prelude::*;

/// A document from outside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RepairRequest {
    /// The document, whatever it lacks.
    #[schema(value_type = Object)]
    design: Json,
    /// Its language where it does not say it; the workspace's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

/// A document after mending.
#[derive(Serialize, ToSchema)]
#[schema(as = RepairedDesign)]
pub(super) struct RepairAnswer {
    /// The document.
    design: Design,
    /// What was changed and where, in order.
    repairs: Vec<Repair>,
}

/// Mend a document from outside: missing ids, footer and members are added, unknown ones removed. What cannot be
/// mended without changing what it says is told with its place.
#[utoipa::path(post, path = "/v1/content/repair", request_body = RepairRequest,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = RepairAnswer)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<RepairRequest>) -> Result<JsonBody<RepairAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let language = match input.language {
        Some(language) => language,
        None => accounts::workspaces::get(&ctx).await?.language,
    };
    let mended =
        design::repair(input.design, language.as_str()).map_err(|faults| content::faults_to_problem(&faults))?;
    Ok(JsonBody(RepairAnswer { design: mended.design, repairs: mended.repairs }))
}
