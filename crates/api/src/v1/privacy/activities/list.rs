//! `GET /v1/privacy/activities`

use privacy::business_activities;

use super::BusinessActivity;
use crate::v1::prelude::*;

/// The business activities, by code.
#[utoipa::path(get, path = "/v1/privacy/activities", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<BusinessActivity>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let found = business_activities::list(&ctx).await?;
    Ok(JsonBody(found.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
