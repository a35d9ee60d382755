//! `GET /v1/privacy/requests`

use kernel::{PageRequest, RequestId};
use privacy::requests::{self, RequestState};

use super::RequestView;
use crate::v1::prelude::*;

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of one state.
    #[param(value_type = Option<String>)]
    state: Option<RequestState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 1000; 50 when absent.
    limit: Option<u32>,
}

/// Requests, newest first. What nobody verified yet shows with `state=challenged` only.
#[utoipa::path(get, path = "/v1/privacy/requests", params(Which), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<RequestView>)))]
pub(super) async fn handle(caller: Caller, Query(which): Query<Which>) -> Result<JsonBody<Listed<RequestView>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest { cursor: which.cursor, limit: which.limit };
    let limit = page.limit();
    let before = page.cursor.as_deref().map(http_server::cursor::decode::<RequestId>).transpose()?;
    let found = requests::list(&ctx, which.state, before, limit + 1).await?;
    let mut found = http_server::cursor::page(found, limit, |request| request.id);
    if which.state.is_none() {
        found.items.retain(|request| !matches!(request.state, RequestState::Challenged | RequestState::Expired));
    }
    let (settings, now) = (requests::Settings::of(&ctx).await?, ctx.now());
    Ok(JsonBody(Listed::of(found, |request| RequestView::of(&request, &settings, now))))
}
