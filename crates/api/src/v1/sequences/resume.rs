//! `POST /v1/sequences/{id}/resume`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Go on with a held sequence.
#[utoipa::path(post, path = "/v1/sequences/{id}/resume", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:send")?;
    Ok(JsonBody(shown(sequences::resume(&ctx, id).await?, false)))
}
