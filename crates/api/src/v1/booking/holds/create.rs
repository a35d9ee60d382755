//! `POST /v1/booking/holds`

use booking::reservations::hold;
use kernel::{EventTypeId, HoldId, HostId};

use crate::v1::prelude::*;

/// A slot to be held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHold {
    /// Of what.
    #[schema(value_type = String)]
    event_type: EventTypeId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// One of the lengths on offer, in minutes.
    duration: Option<u32>,
    /// With this host.
    #[schema(value_type = Option<String>)]
    host: Option<HostId>,
    /// Whom it is held for, for the caps per client: any text; only its keyed hash is kept.
    client: Option<String>,
}

/// A held slot.
#[derive(Serialize, ToSchema)]
pub(super) struct HeldSlot {
    /// Its id; whoever knows it may book the slot.
    #[schema(value_type = String)]
    id: HoldId,
    /// Of what.
    #[schema(value_type = String)]
    event_type: EventTypeId,
    /// From.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Hold a slot. The holder books with the id; an earlier hold of the same client for the same event type is given up.
#[utoipa::path(post, path = "/v1/booking/holds", request_body = NewHold, security(("key" = ["bookings:write"])), responses((status = 201, body = HeldSlot)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewHold>,
) -> Result<(StatusCode, JsonBody<HeldSlot>)> {
    let ctx = caller.require("bookings:write")?;
    let of = booking::event_types::get(&ctx, input.event_type).await?;
    let client = input.client.unwrap_or_else(|| ctx.id::<HoldId>().to_string());
    let length = (input.duration, input.host);
    let held = hold(&ctx, (&of, Some(&app.calendars)), input.start, length, &client).await?;
    let shown = HeldSlot {
        id: held.id,
        event_type: held.event_type,
        start: held.start,
        end: held.end,
        expires_at: held.expires_at,
    };
    Ok((StatusCode::CREATED, JsonBody(shown)))
}
