//! `POST /v1/privacy/requests`

use super::{RequestDraft, RequestView, written};
use crate::v1::prelude::*;

/// Write down a request of a data subject.
///
/// With `evidence` it counts as verified; without, a single-use link is mailed to the address on file.
#[utoipa::path(post, path = "/v1/privacy/requests", request_body = RequestDraft,
    security(("key" = ["privacy:write"])), responses((status = 201, body = RequestView)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(draft): JsonBody<RequestDraft>,
) -> Result<(StatusCode, JsonBody<RequestView>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(written(&app, &caller, &ctx, draft).await?)))
}
