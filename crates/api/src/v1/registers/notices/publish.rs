//! `POST /v1/privacy/notices`

use std::collections::BTreeMap;

use kernel::Locale;
use privacy::notices::{self, Edition};

use crate::v1::prelude::*;

/// A notice to publish.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEdition {
    /// Which notice, such as `privacy`.
    notice: String,
    /// Language → text.
    texts: BTreeMap<String, String>,
    /// Whether people must be told of the change.
    #[serde(default)]
    material: bool,
    /// Whether purposes changed, so that consents are to be asked for anew.
    #[serde(default)]
    purposes_changed: bool,
}

/// Publish a notice in its languages. A material change is mailed to every member once; when purposes change, to everybody whose consent names the notice too.
#[utoipa::path(post, path = "/v1/privacy/notices", request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewEdition>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let mut texts = Vec::new();
    for (language, text) in &input.texts {
        let language =
            language.parse::<Locale>().map_err(|_| Problem::field("texts", "a language such as en or ar"))?;
        texts.push((language, text.as_str()));
    }
    if texts.is_empty() || texts.len() > 20 {
        return Err(Problem::field("texts", "1 to 20 languages").into());
    }
    let edition =
        Edition { notice: &input.notice, texts: &texts, material: input.material, reconsent: input.purposes_changed };
    let published = notices::publish_all(&ctx, edition).await?;
    let shown: Vec<Json> = published
        .iter()
        .map(|one| {
            let mut shown = json!(one);
            shown["readability"] = json!(notices::readability(&one.body));
            shown
        })
        .collect();
    Ok((StatusCode::CREATED, JsonBody(json!({ "items": shown }))))
}
