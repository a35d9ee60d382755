//! `GET /v1/privacy/notice-templates`

use privacy::notices::{self, TemplateAudience};

use crate::v1::prelude::*;

/// For whom.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TemplateQuery {
    /// `members`, `contacts` or `visitors`; `contacts` when absent.
    #[param(value_type = Option<String>)]
    audience: Option<TemplateAudience>,
}

/// A first draft of a notice for an audience (`members`, `contacts`, `visitors`), filled from the registers. Have counsel read it before you publish it.
#[utoipa::path(get, path = "/v1/privacy/notice-templates", params(TemplateQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<TemplateQuery>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let audience = query.audience.unwrap_or(TemplateAudience::Contacts);
    let mut texts = serde_json::Map::new();
    for language in ["en", "ar"] {
        texts.insert(language.to_owned(), notices::template(&ctx, audience, language).await?.into());
    }
    Ok(JsonBody(json!({ "audience": audience, "texts": texts })))
}
