//! `GET /v1/forms/{id}`

use kernel::FormId;
use people::forms;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A form.
#[utoipa::path(get, path = "/v1/forms/{id}", params(("id" = String, Path)), security(("key" = ["forms:read"])),
    responses((status = 200, body = shapes::Form)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FormId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("forms:read")?;
    Ok(JsonBody(json!(forms::get(&ctx, id).await?)))
}
