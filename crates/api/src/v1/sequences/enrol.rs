//! `POST /v1/sequences/{id}/enrol`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Enrol who came into the audience since; nobody is enrolled twice.
#[utoipa::path(post, path = "/v1/sequences/{id}/enrol", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:send")?;
    Ok(JsonBody(shown(sequences::enrol(&ctx, id).await?, false)))
}
