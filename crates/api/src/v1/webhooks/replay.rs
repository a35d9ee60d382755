//! `POST /v1/webhooks/{id}/replay`

use kernel::{EndpointId, EventId};
use outbound::webhooks::Replay;

use crate::v1::prelude::*;

/// What is sent again: one event, or those of a span.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReplayRequest {
    /// One event; the other fields are then ignored.
    #[schema(value_type = Option<String>)]
    event: Option<EventId>,
    /// Events from this instant on.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Events before this instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Only events that were not accepted.
    undelivered_only: bool,
}

/// Send events again, as far as they are kept (30 days).
#[utoipa::path(post, path = "/v1/webhooks/{id}/replay", params(("id" = String, Path)), request_body = ReplayRequest,
    security(("key" = ["webhooks:write"])), responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
    JsonBody(input): JsonBody<ReplayRequest>,
) -> Result<StatusCode> {
    let ctx = caller.require("webhooks:write")?;
    let replay =
        Replay { event: input.event, from: input.from, to: input.to, undelivered_only: input.undelivered_only };
    app.webhooks.replay(&ctx, id, replay).await?;
    Ok(StatusCode::ACCEPTED)
}
