//! `POST /v1/webhooks`

use outbound::webhooks;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// An endpoint to be told what happens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEndpoint {
    /// Where messages go; https, and no private address.
    url: String,
    /// The kinds of events it wants (`/v1/webhooks/events` lists them), or `*`.
    kinds: Vec<String>,
    /// `barid` (the default), or `appointlet`: appointments only, written as Appointlet writes them.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    shape: webhooks::Shape,
}

/// Make an endpoint. The answer has its `secret`, this once.
#[utoipa::path(post, path = "/v1/webhooks", request_body = NewEndpoint, security(("key" = ["webhooks:write"])),
    responses((status = 201, body = shapes::Webhook)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewEndpoint>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("webhooks:write")?;
    let new = webhooks::NewEndpoint { url: input.url, kinds: input.kinds, shape: input.shape };
    let (endpoint, secret) = app.webhooks.create(&ctx, new).await?;
    let mut shown = json!(endpoint);
    shown["secret"] = json!(secret);
    Ok((StatusCode::CREATED, JsonBody(shown)))
}
