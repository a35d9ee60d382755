//! `GET /v1/sending/test/{id}`

use kernel::EventId;

use crate::shell::Mode;
use crate::v1::prelude::*;

/// What became of a test.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingTestState {
    /// The test.
    id: String,
    /// `queued`, `sending`, `sent`, `failed`, `bounced`, `denied`, `cancelled` or `in_doubt`.
    state: &'static str,
    /// Why: a reason of the gate, or a class of bounces.
    reason: Option<String>,
    /// The next hop's status code.
    status: Option<String>,
    /// It lies in the catcher and went no further.
    caught: bool,
}

/// What became of a test message.
#[utoipa::path(get, path = "/v1/sending/test/{id}", params(("id" = String, Path)),
    security(("key" = ["campaigns:test"])), responses((status = 200, body = SendingTestState)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EventId>,
) -> Result<JsonBody<SendingTestState>> {
    let ctx = caller.require("campaigns:test")?;
    let found = outbound::list_deliveries(&ctx, id.into(), None, 1).await?;
    let delivery = found.into_iter().next().ok_or_else(|| Failure::not_found("test"))?;
    let sent = delivery.state == outbound::DeliveryState::Sent;
    Ok(JsonBody(SendingTestState {
        id: id.to_string(),
        state: delivery.state.as_str(),
        reason: delivery.reason,
        status: delivery.status,
        caught: sent && app.shell.sending().mode == Mode::Catcher,
    }))
}
