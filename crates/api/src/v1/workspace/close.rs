//! `DELETE /v1/workspace`

use accounts::workspaces::{self, State as Open};

use crate::v1::prelude::*;

/// Close the workspace: nothing is sent, nobody gets in any more.
#[utoipa::path(delete, path = "/v1/workspace", security(("key" = ["workspace:close"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller) -> Result<StatusCode> {
    let ctx = caller.require("workspace:close")?;
    workspaces::set_state(&ctx, Open::Closed).await?;
    Ok(StatusCode::NO_CONTENT)
}
