//! `POST /v1/segments/sample`

use people::contacts;

use super::condition;
use crate::v1::prelude::*;

/// A condition, and how many examples are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleRequest {
    /// Who is meant; `{}` is everybody.
    #[schema(value_type = Object)]
    r#where: Json,
    /// How many examples, 1 to 50; 10 when absent.
    limit: Option<usize>,
}

/// Some of those who meet a condition.
#[derive(Serialize, ToSchema)]
pub(super) struct SampleAnswer {
    /// How many meet it.
    total: u64,
    /// Some of them.
    contacts: Vec<Json>,
    /// The same, as people call them.
    people: Vec<SampledPerson>,
}

/// One of those who meet a condition.
#[derive(Serialize, ToSchema)]
pub(super) struct SampledPerson {
    id: String,
    /// Name, else company, address or number.
    display_name: String,
    email: Option<String>,
}

/// Some of the people who meet a condition.
#[utoipa::path(post, path = "/v1/segments/sample", request_body = SampleRequest,
    security(("key" = ["contacts:read"])), responses((status = 200, body = SampleAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SampleRequest>,
) -> Result<JsonBody<SampleAnswer>> {
    let ctx = caller.require("contacts:read")?;
    let limit = input.limit.unwrap_or(10).clamp(1, 50);
    let (total, ids) = app.live.sample(&ctx, &condition(&input.r#where)?, limit).await?;
    let mut shown = Vec::with_capacity(ids.len());
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        match contacts::get(&ctx, ::people::ReadFor::Work, id).await {
            Ok(contact) => {
                let profile = &contact.loaded.profile;
                people.push(SampledPerson {
                    id: contact.loaded.id.to_string(),
                    display_name: profile.display_name(),
                    email: profile.email().map(ToString::to_string),
                });
                shown.push(contact.to_json());
            }
            Err(people::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(JsonBody(SampleAnswer { total, contacts: shown, people }))
}
