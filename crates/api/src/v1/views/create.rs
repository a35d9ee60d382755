//! `POST /v1/views`

use accounts::views;

use super::ViewAnswer;
use crate::v1::prelude::*;

/// A view to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewView {
    /// The screen it belongs to.
    #[schema(example = "campaigns")]
    screen: String,
    /// Its name.
    name: String,
    /// The query of the screen's address.
    #[schema(example = "state=draft&sort=-updated")]
    query: String,
    /// Whether every member of the workspace sees it; no when absent.
    #[serde(default)]
    shared: bool,
}

/// Save a view.
#[utoipa::path(post, path = "/v1/views", request_body = NewView, security(("session" = [])),
    responses((status = 201, body = ViewAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewView>,
) -> Result<(StatusCode, JsonBody<ViewAnswer>)> {
    let ctx = crate::v1::member(&caller)?;
    let NewView { screen, name, query, shared } = input;
    let view = views::create(&ctx, views::NewView { screen, name, query, shared }).await?;
    Ok((StatusCode::CREATED, JsonBody(ViewAnswer::of(&ctx, view))))
}
