//! `GET /v1/tags`

use people::tags;

use crate::v1::paging::CountsQuery;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every tag, by name; with `counts` how many people have each.
#[utoipa::path(get, path = "/v1/tags", params(CountsQuery), security(("key" = ["tags:read"])),
    responses((status = 200, body = Listed<shapes::Tag>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CountsQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("tags:read")?;
    let holders = query.holders(&app, &ctx, Vec::new()).await?;
    let shown = tags::list(&ctx).await?.into_iter().map(|tag| {
        let mut shown = json!(tag);
        if let Some(holders) = &holders {
            shown["people"] = json!(holders.tags.get(&tag.id.to_string()).copied().unwrap_or_default());
        }
        shown
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
