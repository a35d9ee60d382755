//! `PUT /v1/setup/answers`

use super::onboarding::{Answers, Business, Goal, SetupChecklist, TeamSize, change, list};
use crate::v1::prelude::*;

/// What the team tells about itself; all of it anew, nothing of it needed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SetupAnswersChange {
    /// What the organisation does.
    business: Option<Business>,
    /// What mail shall achieve.
    goals: Vec<Goal>,
    /// How many people work with it.
    team_size: Option<TeamSize>,
    /// The questions were skipped.
    skipped: bool,
}

/// Tell what the team is about, only so that fitting starters are suggested first. An empty body deletes
/// what was told.
#[utoipa::path(put, path = "/v1/setup/answers", request_body = SetupAnswersChange,
    security(("key" = ["workspace:write"])), responses((status = 200, body = SetupChecklist)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SetupAnswersChange>,
) -> Result<JsonBody<SetupChecklist>> {
    let ctx = caller.require("workspace:write")?;
    let SetupAnswersChange { business, mut goals, team_size, skipped } = input;
    let mut seen = Vec::new();
    goals.retain(|goal| {
        !seen.contains(goal) && {
            seen.push(*goal);
            true
        }
    });
    let answers = Answers { business, goals, team_size, skipped };
    change(&ctx, |onboarding| onboarding.answer(answers.clone())).await?;
    Ok(JsonBody(list(&app, &ctx).await?))
}
