//! `POST /v1/privacy/receipts/check`

use privacy::receipts::{self, Seal};

use crate::v1::prelude::*;

/// What a receipt is worth.
#[derive(Serialize, ToSchema)]
pub(super) struct Checked {
    /// It holds what was signed.
    intact: bool,
    /// It was signed by this workspace.
    ours: bool,
}

/// Check a receipt that somebody shows.
#[utoipa::path(post, path = "/v1/privacy/receipts/check", request_body = Json, security(("key" = ["privacy:read"])),
    responses((status = 200, body = Checked)))]
pub(super) async fn handle(caller: Caller, JsonBody(receipt): JsonBody<Json>) -> Result<JsonBody<Checked>> {
    let ctx = caller.require("privacy:read")?;
    let ours = receipt["sig"]["key"].as_str() == Some(receipts::public_key(&ctx).await?.as_str());
    Ok(JsonBody(Checked { intact: receipts::check(&receipt) == Seal::Intact, ours }))
}
