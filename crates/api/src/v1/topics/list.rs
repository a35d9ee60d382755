//! `GET /v1/topics`

use people::segments::conditions::TopicState;
use people::topics;

use crate::v1::paging::CountsQuery;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every topic by name, archived ones included; with `counts` how many people stand how in each.
#[utoipa::path(get, path = "/v1/topics", params(CountsQuery), security(("key" = ["topics:read"])),
    responses((status = 200, body = Listed<shapes::Topic>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CountsQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("topics:read")?;
    let holders = query.holders(&app, &ctx, Vec::new()).await?;
    let shown = topics::list(&ctx).await?.into_iter().map(|topic| {
        let mut shown = json!(topic);
        if let Some(holders) = &holders {
            for state in TopicState::ALL {
                let count = holders.topics.get(&(topic.id.to_string(), *state)).copied().unwrap_or_default();
                shown["members"][state.as_str()] = json!(count);
            }
        }
        shown
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
