//! `PUT /v1/sequences/{id}`

use campaigns::sequences;
use kernel::SequenceId;

use super::create::SequenceInput;
use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Rewrite a draft: everything it says, anew.
#[utoipa::path(put, path = "/v1/sequences/{id}", params(("id" = String, Path)), request_body = SequenceInput,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SequenceId>,
    JsonBody(input): JsonBody<SequenceInput>,
) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let before = sequences::get(&ctx, id).await?;
    let version = input.version.unwrap_or(before.version);
    let draft = input.read(&ctx).await?;
    Ok(JsonBody(shown(sequences::update(&ctx, &app.outbound, id, version, draft).await?, true)))
}
