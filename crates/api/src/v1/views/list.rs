//! `GET /v1/views`

use accounts::views;

use super::ViewAnswer;
use crate::v1::prelude::*;

/// Which views are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ViewQuery {
    /// Of this screen.
    screen: Option<String>,
}

/// Your saved views and those shared in the workspace, by name.
#[utoipa::path(get, path = "/v1/views", params(ViewQuery), security(("session" = [])),
    responses((status = 200, body = Listed<ViewAnswer>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ViewQuery>) -> Result<JsonBody<Listed<ViewAnswer>>> {
    let ctx = crate::v1::member(&caller)?;
    let views = views::list(&ctx, query.screen.as_deref()).await?;
    Ok(JsonBody(views.into_iter().map(|view| ViewAnswer::of(&ctx, view)).collect::<Vec<_>>().into()))
}
