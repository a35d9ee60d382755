//! `GET /v1/privacy/notice-differences`

use kernel::NoticeId;
use privacy::notices;

use crate::v1::prelude::*;

/// Which two versions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticePair {
    /// The earlier version's id.
    #[param(value_type = String)]
    before: NoticeId,
    /// The later version's id.
    #[param(value_type = String)]
    after: NoticeId,
}

/// What changed between two versions, sentence by sentence.
#[utoipa::path(get, path = "/v1/privacy/notice-differences", params(NoticePair), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<NoticePair>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let (before, after) = (notices::get(&ctx, query.before).await?, notices::get(&ctx, query.after).await?);
    let segments = notices::diff(&before.body, &after.body);
    Ok(JsonBody(json!({ "before": before.version, "after": after.version, "segments": segments })))
}
