//! `GET /v1/widgets/{id}/embed`

use super::{WidgetId, slice};
use crate::v1::prelude::*;

/// What stands on a page.
#[derive(Serialize, ToSchema)]
pub(super) struct WidgetEmbed {
    /// The line of HTML.
    snippet: String,
    /// How the site's server names a person, in words for programmers.
    identity_example: String,
    /// What a strict content security policy has to allow.
    csp: String,
}

/// What stands on a page that shows the chat.
#[utoipa::path(get, path = "/v1/widgets/{id}/embed", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = WidgetEmbed)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<WidgetId>,
) -> Result<JsonBody<WidgetEmbed>> {
    let ctx = caller.require("conversations:read")?;
    slice::get(&ctx, id).await?;
    let host = app.toolbox.public_url().trim_end_matches('/');
    Ok(JsonBody(WidgetEmbed {
        snippet: format!("<script async src=\"{host}/w/loader.js\" data-chat=\"{id}\"></script>"),
        identity_example: "hash = hex(HMAC-SHA256(secret, id + \"\\n\" + email))".to_owned(),
        csp: format!("script-src {host}; connect-src {host}; img-src {host} https:"),
    }))
}
