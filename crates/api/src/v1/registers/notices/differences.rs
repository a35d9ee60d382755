//! `GET /v1/privacy/notice-versions/{id}/differences`

use kernel::NoticeId;
use privacy::notices;

use crate::v1::prelude::*;

/// Since when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DifferencesQuery {
    /// An earlier version's id; the one before when absent.
    #[param(value_type = Option<String>)]
    since: Option<NoticeId>,
}

/// What changed since an earlier version, sentence by sentence.
#[utoipa::path(get, path = "/v1/privacy/notice-versions/{id}/differences",
    params(("id" = String, Path), DifferencesQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<NoticeId>,
    Query(query): Query<DifferencesQuery>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let after = notices::get(&ctx, id).await?;
    let before = match query.since {
        Some(since) => Some(notices::get(&ctx, since).await?),
        None => notices::before(&ctx, &after).await?,
    };
    let segments = notices::diff(before.as_ref().map_or("", |before| before.body.as_str()), &after.body);
    let before = before.map(|before| before.version);
    Ok(JsonBody(json!({ "before": before, "after": after.version, "segments": segments })))
}
