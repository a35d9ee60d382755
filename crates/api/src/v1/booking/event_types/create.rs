//! `POST /v1/booking/event-types`

use booking::event_types::TypeState;
use booking::model::Definition;

use crate::v1::prelude::*;

/// An event type to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBookableType {
    /// Its name in addresses: lower-case letters, digits, hyphens.
    slug: String,
    /// Whether it can be booked; `active` when absent.
    #[serde(default)]
    state: Option<TypeState>,
    /// What it is.
    definition: Definition,
}

/// Make an event type. Fields of the definition that are absent have their defaults.
#[utoipa::path(post, path = "/v1/booking/event-types", request_body = NewBookableType, security(("key" = ["bookings:manage"])), responses((status = 201, body = super::BookableType)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewBookableType>,
) -> Result<(StatusCode, JsonBody<super::BookableType>)> {
    let ctx = caller.require("bookings:manage")?;
    let state = input.state.unwrap_or(TypeState::Active);
    let made = booking::event_types::create(&ctx, &input.slug, state, input.definition).await?;
    Ok((StatusCode::CREATED, JsonBody(super::one(&app, &ctx, made).await?)))
}
