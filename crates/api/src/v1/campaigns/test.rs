//! `POST /v1/campaigns/{id}/test`

use kernel::{CampaignId, Email, Phone};

use crate::v1::prelude::*;
use crate::v1::trail;

/// To whom a test goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TestRequest {
    /// By e-mail one to ten addresses of members of the workspace; by SMS one to five numbers of your own, which needs
    /// `messages:send` too.
    to: Vec<String>,
}

/// Each of these read, or the problem with the field.
fn read<T, E: ToString>(to: &[String], parse: impl Fn(&str) -> std::result::Result<T, E>) -> Result<Vec<T>, Problem> {
    to.iter().map(|text| parse(text).map_err(|error| Problem::field("to", error.to_string()))).collect()
}

/// Send the campaign as it stands to members, or to telephones of your own, marked as a test.
#[utoipa::path(post, path = "/v1/campaigns/{id}/test", params(("id" = String, Path)), request_body = TestRequest,
    security(("key" = ["campaigns:test"])), responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<TestRequest>,
) -> Result<StatusCode> {
    let ctx = caller.require("campaigns:test")?;
    if campaigns::get(&ctx, id).await?.draft.texts.is_some() {
        caller.require("messages:send")?;
        let numbers = read(&input.to, |text| Phone::parse(text, None))?;
        campaigns::texts::try_out(&ctx, &app.outbound, id, &numbers).await?;
    } else {
        let addresses: Vec<Email> = read(&input.to, Email::parse)?;
        campaigns::test(&ctx, &app.outbound, id, &addresses).await?;
    }
    trail::note(&ctx, "campaign.tested", &[&id]).await?;
    Ok(StatusCode::ACCEPTED)
}
