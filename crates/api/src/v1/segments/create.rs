//! `POST /v1/segments`

use people::segments::saved;

use super::condition;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// A segment to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSegment {
    /// Its name.
    name: String,
    /// Who is in it; `{}` is everybody.
    #[schema(value_type = Object)]
    r#where: Json,
}

/// Save a segment.
#[utoipa::path(post, path = "/v1/segments", request_body = NewSegment, security(("key" = ["segments:write"])),
    responses((status = 201, body = shapes::Segment)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewSegment>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("segments:write")?;
    let id = saved::create(&ctx, &input.name, &condition(&input.r#where)?).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(saved::get(&ctx, id).await?))))
}
