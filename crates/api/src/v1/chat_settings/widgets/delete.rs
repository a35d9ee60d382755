//! `DELETE /v1/widgets/{id}`

use super::{WidgetId, slice};
use crate::v1::prelude::*;

/// Delete one widget.
#[utoipa::path(delete, path = "/v1/widgets/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<WidgetId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    slice::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
