//! `POST /v1/campaigns/{id}/test`

use kernel::{CampaignId, Email};

use crate::v1::prelude::*;
use crate::v1::trail;

/// To whom a test goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TestRequest {
    /// One to ten addresses of members of the workspace.
    #[schema(value_type = Vec<String>)]
    to: Vec<Email>,
}

/// Send the campaign as it stands to members, marked as a test.
#[utoipa::path(post, path = "/v1/campaigns/{id}/test", params(("id" = String, Path)), request_body = TestRequest,
    security(("key" = ["campaigns:test"])), responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<TestRequest>,
) -> Result<StatusCode> {
    let ctx = caller.require("campaigns:test")?;
    campaigns::test(&ctx, &app.outbound, id, &input.to).await?;
    trail::note(&ctx, "campaign.tested", &[&id]).await?;
    Ok(StatusCode::ACCEPTED)
}
