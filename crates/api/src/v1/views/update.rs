//! `PATCH /v1/views/{id}`

use accounts::views;
use kernel::SavedViewId;

use super::ViewAnswer;
use crate::v1::prelude::*;

/// Changes to a view; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ViewChange {
    /// Another name.
    name: Option<String>,
    /// Another query.
    query: Option<String>,
    /// Whether every member of the workspace sees it.
    shared: Option<bool>,
}

/// Change a saved view: your own, or a shared one when you run the workspace.
#[utoipa::path(patch, path = "/v1/views/{id}", params(("id" = String, Path)), request_body = ViewChange,
    security(("session" = [])), responses((status = 200, body = ViewAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<SavedViewId>,
    JsonBody(input): JsonBody<ViewChange>,
) -> Result<JsonBody<ViewAnswer>> {
    let ctx = crate::v1::member(&caller)?;
    let ViewChange { name, query, shared } = input;
    let view = views::update(&ctx, id, views::Change { name, query, shared }).await?;
    Ok(JsonBody(ViewAnswer::of(&ctx, view)))
}
