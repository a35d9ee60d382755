//! `DELETE /v1/images/{id}`

use content::images;
use kernel::ImageId;

use super::uses;
use crate::v1::prelude::*;
use crate::v1::trail;

/// How a picture is deleted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RemoveQuery {
    /// Whether it goes although mail that was sent shows it; that mail then shows its description instead.
    force: Option<bool>,
}

/// Delete a picture that no content uses. Where it is used is told in `fields` (409).
#[utoipa::path(delete, path = "/v1/images/{id}", params(("id" = String, Path), RemoveQuery),
    security(("key" = ["templates:write"])), responses((status = 204)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ImageId>,
    Query(query): Query<RemoveQuery>,
) -> Result<StatusCode> {
    let ctx = caller.require("templates:write")?;
    images::get(&ctx, id).await?;
    uses::refuse(&ctx, id, query.force.unwrap_or(false)).await?;
    images::delete(&ctx, id).await?;
    trail::note(&ctx, "image.deleted", &[&id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
