//! `POST /v1/fields`

use people::fields::{self, FieldKind};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A custom field to be defined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewField {
    /// What people call it; the key is made from it.
    label: String,
    /// `text`, `number`, `bool` or `date`; it never changes.
    #[schema(value_type = String)]
    kind: FieldKind,
    /// What it is kept for, such as `marketing`.
    purpose: String,
}

/// Define a custom field; one of this key that is there already stays as it is.
#[utoipa::path(post, path = "/v1/fields", request_body = NewField, security(("key" = ["fields:write"])),
    responses((status = 201, body = shapes::Field)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewField>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("fields:write")?;
    let field = fields::define(&ctx, &input.label, input.kind, &input.purpose).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(field))))
}
