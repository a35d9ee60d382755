//! `PATCH /v1/fields/{key}`

use people::fields;

use super::known;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a custom field; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldChange {
    /// What people call it.
    label: Option<String>,
    /// What it is kept for.
    purpose: Option<String>,
}

/// Change a custom field's name for people, or its purpose.
#[utoipa::path(patch, path = "/v1/fields/{key}", params(("key" = String, Path)), request_body = FieldChange,
    security(("key" = ["fields:write"])), responses((status = 200, body = shapes::Field)))]
pub(super) async fn handle(
    caller: Caller,
    Path(key): Path<String>,
    JsonBody(input): JsonBody<FieldChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("fields:write")?;
    let before = known(&ctx, &key).await?;
    let (label, purpose) = (input.label.unwrap_or(before.label), input.purpose.unwrap_or(before.purpose));
    let characters = label.chars().count();
    if label.trim().is_empty() || characters > 200 || label.chars().any(char::is_control) {
        return Err(Failure(Problem::field("label", "a field's name has 1 to 200 characters")));
    }
    fields::update(&ctx, &key, label.trim(), &purpose).await?;
    Ok(JsonBody(json!(known(&ctx, &key).await?)))
}
