//! `PATCH /v1/topics/{id}`

use kernel::TopicId;
use people::topics::{self, TopicDraft};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a topic; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicChange {
    /// Another name.
    name: Option<String>,
    /// What people get, in English.
    description_en: Option<String>,
    /// What people get, in Arabic.
    description_ar: Option<String>,
    /// The purpose people consent to from now on.
    purpose: Option<String>,
    /// Whether a sign-up waits for the person's confirmation.
    double_opt_in: Option<bool>,
    /// Whether the preference centre shows it to everybody.
    public: Option<bool>,
    /// Whether it is out of use.
    archived: Option<bool>,
}

/// Change a topic.
#[utoipa::path(patch, path = "/v1/topics/{id}", params(("id" = String, Path)), request_body = TopicChange,
    security(("key" = ["topics:write"])), responses((status = 200, body = shapes::Topic)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<TopicId>,
    JsonBody(input): JsonBody<TopicChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("topics:write")?;
    let before = topics::get(&ctx, id).await?;
    let archived = before.archived_at.is_some();
    let draft = TopicDraft {
        name: input.name.unwrap_or(before.name),
        description_en: input.description_en.unwrap_or(before.description_en),
        description_ar: input.description_ar.unwrap_or(before.description_ar),
        purpose: input.purpose.unwrap_or(before.purpose),
        double_opt_in: input.double_opt_in.unwrap_or(before.double_opt_in),
        public: input.public.unwrap_or(before.public),
    };
    topics::update(&ctx, id, draft).await?;
    if let Some(wanted) = input.archived.filter(|wanted| *wanted != archived) {
        topics::archive(&ctx, id, wanted).await?;
    }
    Ok(JsonBody(json!(topics::get(&ctx, id).await?)))
}
