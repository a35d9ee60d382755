//! `GET /v1/sequences/{id}`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// A sequence with its messages.
#[utoipa::path(get, path = "/v1/sequences/{id}", params(("id" = String, Path)),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:read")?;
    Ok(JsonBody(shown(sequences::get(&ctx, id).await?, true)))
}
