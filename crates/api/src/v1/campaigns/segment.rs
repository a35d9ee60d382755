//! `POST /v1/campaigns/{id}/segment`

use kernel::CampaignId;
use people::segments::Where;
use people::segments::saved;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Which of a campaign's people become a segment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeSegment {
    /// The segment's name.
    name: String,
    /// `sent`, `opened`, `clicked`, `not_opened`, `not_clicked`, `bounced` or `unsubscribed`.
    outcome: String,
}

/// The condition of an outcome: from then on it follows what happens.
fn condition(campaign: CampaignId, outcome: &str) -> Result<Where, Problem> {
    let event = |kind: &str| json!({ "event": kind, "campaign": campaign });
    let without = |kind: &str| json!({ "and": [event("sent"), { "not": event(kind) }] });
    let json = match outcome {
        "sent" | "opened" | "clicked" | "bounced" | "unsubscribed" => event(outcome),
        "not_opened" => without("opened"),
        "not_clicked" => without("clicked"),
        _ => {
            let outcomes = "expected sent, opened, clicked, not_opened, not_clicked, bounced or unsubscribed";
            return Err(Problem::field("outcome", outcomes));
        }
    };
    Ok(Where::from_json(&json)?)
}

/// Save those of a campaign's people with an outcome as a segment, such as whoever already got it.
#[utoipa::path(post, path = "/v1/campaigns/{id}/segment", params(("id" = String, Path)),
    request_body = OutcomeSegment, security(("key" = ["segments:write"])),
    responses((status = 201, body = shapes::Segment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<OutcomeSegment>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("segments:write")?;
    campaigns::get(&ctx, id).await?;
    let made = saved::create(&ctx, &input.name, &condition(id, &input.outcome)?).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(saved::get(&ctx, made).await?))))
}
