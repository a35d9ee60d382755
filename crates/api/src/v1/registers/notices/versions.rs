//! `GET /v1/privacy/notices/{notice}`

use kernel::Locale;
use privacy::notices;

use crate::v1::prelude::*;

/// Every version of a notice in every language, oldest first.
#[utoipa::path(get, path = "/v1/privacy/notices/{notice}", params(("notice" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller, Path(notice): Path<String>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let languages: Vec<String> =
        notices::heads(&ctx).await?.into_iter().filter(|one| one.notice == notice).map(|one| one.language).collect();
    let mut items = Vec::new();
    for language in languages.iter().filter_map(|language| language.parse::<Locale>().ok()) {
        items.extend(notices::versions(&ctx, &notice, &language).await?.iter().map(|one| json!(one)));
    }
    if items.is_empty() {
        return Err(Failure::not_found("notice"));
    }
    Ok(JsonBody(items.into()))
}
