//! `PATCH /v1/booking/event-types/{id}`

use booking::event_types::{Change, TypeState};
use booking::model::Definition;
use kernel::EventTypeId;

use crate::v1::prelude::*;

/// What is absent stays; the definition changes as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BookableTypeChange {
    /// The version the change was made for.
    version: i64,
    /// Its name in addresses.
    slug: Option<String>,
    /// Whether it can be booked.
    state: Option<TypeState>,
    /// What it is.
    definition: Option<Definition>,
}

/// Change an event type that is still at this version. What is booked stays as it was booked.
#[utoipa::path(patch, path = "/v1/booking/event-types/{id}", params(("id" = String, Path)), request_body = BookableTypeChange, security(("key" = ["bookings:manage"])), responses((status = 200, body = super::BookableType)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EventTypeId>,
    JsonBody(input): JsonBody<BookableTypeChange>,
) -> Result<JsonBody<super::BookableType>> {
    let ctx = caller.require("bookings:manage")?;
    let change = Change { slug: input.slug, state: input.state, definition: input.definition };
    let changed = booking::event_types::update(&ctx, id, input.version, change).await?;
    Ok(JsonBody(super::one(&app, &ctx, changed).await?))
}
