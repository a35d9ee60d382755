//! `POST /v1/booking/resources`

use crate::v1::prelude::*;

/// A resource to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewResource {
    /// What people call it.
    name: String,
    /// Where it is.
    timezone: String,
}

/// Make a resource.
#[utoipa::path(post, path = "/v1/booking/resources", request_body = NewResource, security(("key" = ["bookings:manage"])), responses((status = 201, body = booking::resources::Resource)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewResource>,
) -> Result<(StatusCode, JsonBody<booking::resources::Resource>)> {
    let ctx = caller.require("bookings:manage")?;
    Ok((StatusCode::CREATED, JsonBody(booking::resources::create(&ctx, &input.name, &input.timezone).await?)))
}
