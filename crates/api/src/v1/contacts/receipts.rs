//! `GET /v1/contacts/{id}/receipts`

use kernel::ContactId;
use privacy::receipts::{self, Controller};

use crate::v1::prelude::*;

/// Signed receipts (ISO/IEC TS 27560) for what the person agreed to, refused or took back.
#[utoipa::path(get, path = "/v1/contacts/{id}/receipts", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = Vec<Json>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<JsonBody<Vec<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let workspace = accounts::workspaces::get(&ctx).await?;
    let controller = Controller {
        rights: format!("{}/privacy/{}", app.toolbox.public_url(), workspace.slug),
        name: workspace.name,
        postal_address: workspace.postal_address,
    };
    Ok(JsonBody(receipts::list(&ctx, id, &controller).await?))
}
