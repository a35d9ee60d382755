//! `POST /v1/sequences/{id}/release`

use campaigns::sequences;
use kernel::{ContactId, SequenceId};

use crate::v1::prelude::*;

/// For whom a sequence goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Released {
    /// The person whose answer a human has read.
    #[schema(value_type = String)]
    contact: ContactId,
}

/// Let a sequence go on for a person whose answer was ambiguous and has been read. A suppression by pause is lifted
/// where suppressions are.
#[utoipa::path(post, path = "/v1/sequences/{id}/release", params(("id" = String, Path)), request_body = Released,
    security(("key" = ["campaigns:send"])), responses((status = 204)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<SequenceId>,
    JsonBody(input): JsonBody<Released>,
) -> Result<StatusCode> {
    let ctx = caller.require("campaigns:send")?;
    sequences::release(&ctx, id, input.contact).await?;
    Ok(StatusCode::NO_CONTENT)
}
