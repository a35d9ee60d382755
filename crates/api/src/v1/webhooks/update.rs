//! `PATCH /v1/webhooks/{id}`

use kernel::EndpointId;
use outbound::webhooks::{EndpointState, Shape, UpdateEndpoint};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to an endpoint; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointChange {
    /// Another URL.
    #[serde(default)]
    url: Option<String>,
    /// Other kinds of events.
    #[serde(default)]
    kinds: Option<Vec<String>>,
    /// `barid` or `appointlet`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    shape: Option<Shape>,
    /// `active` or `paused`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    state: Option<EndpointState>,
}

/// Change an endpoint.
#[utoipa::path(patch, path = "/v1/webhooks/{id}", params(("id" = String, Path)), request_body = EndpointChange,
    security(("key" = ["webhooks:write"])), responses((status = 200, body = shapes::Webhook)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
    JsonBody(input): JsonBody<EndpointChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("webhooks:write")?;
    let change = UpdateEndpoint { url: input.url, kinds: input.kinds, shape: input.shape, state: input.state };
    Ok(JsonBody(json!(app.webhooks.update(&ctx, id, change).await?)))
}
