//! `POST /v1/widgets/{id}/secret`

use super::{WidgetId, slice};
use crate::v1::prelude::*;

/// A secret, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct WidgetSecret {
    /// With it the site's server names its people.
    secret: String,
}

/// Make a new secret with which the site's server names its people; the one before holds no longer.
#[utoipa::path(post, path = "/v1/widgets/{id}/secret", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 200, body = WidgetSecret)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<WidgetId>) -> Result<JsonBody<WidgetSecret>> {
    let ctx = caller.require("conversations:manage")?;
    Ok(JsonBody(WidgetSecret { secret: slice::renew_secret(&ctx, id).await? }))
}
