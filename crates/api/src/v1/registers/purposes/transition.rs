//! `POST /v1/privacy/purpose-reviews`

use kernel::ContactId;
use privacy::purposes::review::{self, Relationship};

use super::super::shapes;
use crate::v1::prelude::*;

/// A changed relationship.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Transition {
    /// Whose.
    #[schema(value_type = String)]
    contact: ContactId,
    /// What the person was.
    #[schema(value_type = String)]
    before: Relationship,
    /// What the person is now.
    #[schema(value_type = String)]
    after: Relationship,
}

/// Record that a person is something else to you now (`lead`, `subscriber`, `customer`, `former`).
#[utoipa::path(post, path = "/v1/privacy/purpose-reviews", request_body = Transition, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Option<shapes::PurposeReview>)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<Transition>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((
        StatusCode::CREATED,
        JsonBody(json!(review::transition(&ctx, input.contact, input.before, input.after).await?.last())),
    ))
}
