//! `GET /v1/forms`

use people::forms;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every form, oldest first.
#[utoipa::path(get, path = "/v1/forms", security(("key" = ["forms:read"])), responses((status = 200, body = Listed<shapes::Form>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("forms:read")?;
    Ok(JsonBody(forms::list(&ctx).await?.iter().map(|form| json!(form)).collect::<Vec<_>>().into()))
}
