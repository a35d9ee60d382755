//! `POST /v1/sequences/{id}/pause`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Hold a sequence: nothing leaves until it is resumed.
#[utoipa::path(post, path = "/v1/sequences/{id}/pause", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:send")?;
    Ok(JsonBody(shown(sequences::pause(&ctx, id).await?, false)))
}
