//! `GET /v1/balance/payment-method`

use billing::recharge::method;

use super::shapes::{InLanguage, SavedMethod};
use crate::v1::prelude::*;

/// The saved payment method, with the words a member agrees to who saves one. A page that is open is looked at.
#[utoipa::path(get, path = "/v1/balance/payment-method", params(InLanguage), security(("key" = ["balance:read"])),
    responses((status = 200, body = SavedMethod)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<InLanguage>,
) -> Result<JsonBody<SavedMethod>> {
    let ctx = caller.require("balance:read")?;
    let mut saved = method::get(&ctx).await?;
    if let Some(pending) = &saved.pending
        && method::look(&ctx, app.tills.as_ref(), pending.id).await.is_ok()
    {
        saved = method::get(&ctx).await?;
    }
    Ok(JsonBody(SavedMethod::of(&app, &ctx, saved, asked.language.as_deref()).await?))
}
