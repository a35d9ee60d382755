//! `POST /v1/sequences/{id}/stop`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Stop a sequence for good; what has not left stays here.
#[utoipa::path(post, path = "/v1/sequences/{id}/stop", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:send")?;
    Ok(JsonBody(shown(sequences::stop(&ctx, id).await?, false)))
}
