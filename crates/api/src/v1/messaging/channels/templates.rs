//! `GET /v1/channels/{id}/templates`

use kernel::ChannelId;

use super::shapes::apps;
use crate::v1::prelude::*;

/// An approved text of WhatsApp.
#[derive(Serialize, ToSchema)]
pub(super) struct ChannelTemplate {
    /// Its name.
    name: String,
    /// Its language, as WhatsApp writes it.
    language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    category: String,
    /// What it says, with `{{1}}`, `{{2}}`, … where values go.
    body: String,
    /// How many values it takes.
    parameters: usize,
}

/// The approved texts that may be sent over a WhatsApp account when free words may not; none for other apps.
#[utoipa::path(get, path = "/v1/channels/{id}/templates", params(("id" = String, Path)),
    security(("key" = ["conversations:write"])), responses((status = 200, body = Listed<ChannelTemplate>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
) -> Result<JsonBody<Listed<ChannelTemplate>>> {
    let ctx = caller.require("conversations:write")?;
    let all = apps(&app)?.templates(&ctx, id).await?;
    let items: Vec<ChannelTemplate> = all
        .into_iter()
        .map(|one| ChannelTemplate {
            name: one.name,
            language: one.language,
            category: one.category,
            body: one.body,
            parameters: one.parameters,
        })
        .collect();
    Ok(JsonBody(items.into()))
}
