//! `POST /v1/campaigns/{id}/duplicate`

use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::{shapes, trail};

/// What the copy is to be called.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignCopy {
    /// Its name; the one it has with a number when absent.
    #[serde(default)]
    name: Option<String>,
}

/// Make a draft of a campaign, whatever its state.
#[utoipa::path(post, path = "/v1/campaigns/{id}/duplicate", params(("id" = String, Path)), request_body = CampaignCopy,
    security(("key" = ["campaigns:write"])), responses((status = 201, body = shapes::Campaign)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<CampaignCopy>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("campaigns:write")?;
    let copy = campaigns::duplicate(&ctx, &app.outbound, id, input.name).await?;
    trail::note(&ctx, "campaign.duplicated", &[&id, &copy.id]).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, copy).await?)))
}
