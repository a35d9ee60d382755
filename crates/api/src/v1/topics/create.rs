//! `POST /v1/topics`

use people::topics::{self, TopicDraft};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A topic to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTopic {
    /// Its name.
    name: String,
    /// What people get, in English.
    #[serde(default)]
    description_en: String,
    /// What people get, in Arabic.
    #[serde(default)]
    description_ar: String,
    /// The purpose people consent to; `marketing` when absent.
    purpose: Option<String>,
    /// Whether a sign-up waits for the person's confirmation; yes when absent.
    double_opt_in: Option<bool>,
    /// Whether the preference centre shows it to everybody; yes when absent.
    public: Option<bool>,
}

/// Make a topic.
#[utoipa::path(post, path = "/v1/topics", request_body = NewTopic, security(("key" = ["topics:write"])),
    responses((status = 201, body = shapes::Topic)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewTopic>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("topics:write")?;
    let default = TopicDraft::default();
    let draft = TopicDraft {
        name: input.name,
        description_en: input.description_en,
        description_ar: input.description_ar,
        purpose: input.purpose.unwrap_or(default.purpose),
        double_opt_in: input.double_opt_in.unwrap_or(default.double_opt_in),
        public: input.public.unwrap_or(default.public),
    };
    Ok((StatusCode::CREATED, JsonBody(json!(topics::create(&ctx, draft).await?))))
}
