//! `POST /v1/privacy/notice-readability`

use privacy::notices;

use crate::v1::prelude::*;

/// A text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeText {
    /// The text.
    text: String,
}

/// How hard a text is to read: a hint.
#[utoipa::path(post, path = "/v1/privacy/notice-readability", request_body = Json, security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<NoticeText>) -> Result<JsonBody<Json>> {
    caller.require("privacy:read")?;
    Ok(JsonBody(json!(notices::readability(&input.text))))
}
