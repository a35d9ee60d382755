//! `GET /v1/privacy/assessments`

use privacy::assessments;

use super::Assessment;
use crate::v1::prelude::*;

/// The assessments of legitimate interest, newest first.
#[utoipa::path(get, path = "/v1/privacy/assessments", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Assessment>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let found = assessments::list(&ctx).await?;
    Ok(JsonBody(found.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
