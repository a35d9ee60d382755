//! `PUT /v1/booking/resources/{id}`

use kernel::ResourceId;

use crate::v1::prelude::*;

/// A resource in place of the one that is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceChange {
    /// What people call it.
    name: String,
    /// Where it is.
    timezone: String,
    /// Whether it is out of use.
    #[serde(default)]
    archived: bool,
}

/// Change a resource, or take it out of use.
#[utoipa::path(put, path = "/v1/booking/resources/{id}", params(("id" = String, Path)), request_body = ResourceChange, security(("key" = ["bookings:manage"])), responses((status = 200, body = booking::resources::Resource)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ResourceId>,
    JsonBody(input): JsonBody<ResourceChange>,
) -> Result<JsonBody<booking::resources::Resource>> {
    let ctx = caller.require("bookings:manage")?;
    Ok(JsonBody(booking::resources::update(&ctx, id, &input.name, &input.timezone, input.archived).await?))
}
