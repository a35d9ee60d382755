//! `GET /v1/forms/{id}`

use kernel::FormId;

use super::shapes;
use crate::v1::prelude::*;

/// A form.
#[utoipa::path(get, path = "/v1/forms/{id}", params(("id" = String, Path)), security(("key" = ["forms:read"])),
    responses((status = 200, body = shapes::Form)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FormId>) -> Result<JsonBody<Json>> {
    super::read_again(&caller.require("forms:read")?, id).await
}
