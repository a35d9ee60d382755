//! `DELETE /v1/greetings/{id}`

use super::GreetingId;
use crate::v1::prelude::*;

/// Delete a greeting.
#[utoipa::path(delete, path = "/v1/greetings/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<GreetingId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    conversations::widgets::delete_greeting(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
