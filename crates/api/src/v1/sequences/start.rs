//! `POST /v1/sequences/{id}/start`

use campaigns::sequences;
use kernel::SequenceId;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Start a sequence: enrol its audience and write to everybody as they become due. What is missing is named.
#[utoipa::path(post, path = "/v1/sequences/{id}/start", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = SequenceAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SequenceId>,
) -> Result<JsonBody<SequenceAnswer>> {
    let ctx = caller.require("campaigns:send")?;
    sequences::get(&ctx, id).await?;
    accounts::workspaces::require_sending(&ctx).await?;
    Ok(JsonBody(shown(sequences::start(&ctx, &app.outbound, id).await?, false)))
}
