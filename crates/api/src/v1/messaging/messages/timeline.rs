//! `GET /v1/messages/{id}/timeline`

use kernel::{DeliveryId, RouteId};

use crate::v1::prelude::*;

/// One step in a message's life.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsStep {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `accepted`, `attempt`, `part_sent`, `part_refused`, `part_in_doubt`, `part_ended`, or the state it ended in.
    kind: String,
    /// Which part, from 1.
    part: Option<u32>,
    /// Over which route.
    #[schema(value_type = Option<String>)]
    route: Option<RouteId>,
    /// What the operator or the network said.
    detail: Option<String>,
}

/// A message's life, step by step.
#[utoipa::path(get, path = "/v1/messages/{id}/timeline", params(("id" = String, Path)),
    security(("key" = ["messages:send"])), responses((status = 200, body = Listed<SmsStep>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<DeliveryId>) -> Result<JsonBody<Listed<SmsStep>>> {
    let ctx = caller.require("messages:send")?;
    let steps = telecom::messages::timeline(&ctx, id).await?;
    let shown = steps.into_iter().map(|step| SmsStep {
        at: step.at,
        kind: step.kind,
        part: step.part,
        route: step.route,
        detail: step.detail,
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
