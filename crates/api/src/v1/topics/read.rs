//! `GET /v1/topics/{id}`

use kernel::TopicId;
use people::topics;
use serde_json::Map;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A topic, and how many people are in it by state (`members`).
#[utoipa::path(get, path = "/v1/topics/{id}", params(("id" = String, Path)), security(("key" = ["topics:read"])),
    responses((status = 200, body = shapes::Topic)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TopicId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("topics:read")?;
    let mut shown = json!(topics::get(&ctx, id).await?);
    let members = topics::member_counts(&ctx, id).await?;
    shown["members"] =
        members.iter().map(|(state, n)| (state.as_str().to_owned(), json!(n))).collect::<Map<_, _>>().into();
    Ok(JsonBody(shown))
}
