//! `POST /v1/segments/count`

use super::condition;
use crate::v1::prelude::*;

/// A condition.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    /// Who is meant; `{}` is everybody.
    #[schema(value_type = Object)]
    r#where: Json,
}

/// How many people meet a condition.
#[derive(Serialize, ToSchema)]
pub(super) struct CountAnswer {
    /// How many.
    count: u64,
    /// Microseconds it took.
    micros: u64,
    /// How many people there are in the audience at all.
    total: u64,
}

/// Count the people who meet a condition.
#[utoipa::path(post, path = "/v1/segments/count", request_body = Condition, security(("key" = ["segments:read"])),
    responses((status = 200, body = CountAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<Condition>,
) -> Result<JsonBody<CountAnswer>> {
    let ctx = caller.require("segments:read")?;
    let condition = condition(&input.r#where)?;
    people::reads::mark(&ctx, people::reads::Reader::Segment, &condition.fields()).await?;
    let found = app.live.count(&ctx, &condition).await?;
    Ok(JsonBody(CountAnswer { count: found.count, micros: found.micros, total: app.live.size(&ctx).await? }))
}
