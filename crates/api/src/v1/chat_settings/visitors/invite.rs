//! `POST /v1/visitors/{id}/invite`

use conversations::conversations::{self as rows, Said};
use conversations::events::NewEvent;
use kernel::VisitorId;

use crate::v1::prelude::*;

/// What is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitorInvitation {
    /// The words.
    text: String,
}

/// Write to a visitor who has chatted before and is there now. Whoever never began cannot be written to: nothing
/// is known of them.
#[utoipa::path(post, path = "/v1/visitors/{id}/invite", params(("id" = String, Path)),
    request_body = VisitorInvitation, security(("key" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<VisitorId>,
    JsonBody(input): JsonBody<VisitorInvitation>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:write")?;
    let text = conversations::text::message(&input.text)?;
    let row = rows::of_visitor(&ctx, id).await?.ok_or_else(|| Failure::not_found("visitor"))?;
    let event = NewEvent::message(crate::v1::conversations::author(&caller), text);
    rows::send(&ctx, app.shell.chat().hub(), row.id, Said { event, resume: true }).await?;
    Ok(StatusCode::NO_CONTENT)
}
