//! `POST /v1/privacy/activities/{id}/retire`

use kernel::ActivityId;
use privacy::business_activities;

use super::BusinessActivity;
use crate::v1::prelude::*;

/// Take a business activity out of use. What named it keeps naming it.
#[utoipa::path(post, path = "/v1/privacy/activities/{id}/retire", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 200, body = BusinessActivity)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ActivityId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(business_activities::retire(&ctx, id).await?)))
}
